//! What a guard is: something that lets a request through to a handler or answers it. Knows no particular guard, and not
//! where one is declared.

use std::any::type_name;
use std::borrow::Cow;

use axum::response::IntoResponse;
use http::request::Parts;

use crate::session::ReadOnlySession;

/// Lets a request through to a handler, or answers it instead.
///
/// A guard of the application's own is a type that implements this. [`#[guard(IsOwner)]`](macro@crate::guard) puts it in front
/// of one handler, [`Routes::guarded`](crate::RoutesWithoutSessions::guarded) in front of a group of them. `S` is the
/// router's state: a guard that needs none is written for every `S`, one that needs the database for that type.
///
/// It is asked before any extractor of the handler, so that the body is not read for a stranger. It sees the session, which
/// it cannot change, the head of the request, from which it can run extractors, and the state. What it answers is not kept
/// by caches, unless it says otherwise: `Vary: Cookie` and `Cache-Control: no-store` are set as on everything that a guarded
/// route answers.
///
/// ```
/// use axum::extract::{FromRequestParts, Path};
/// use axum::http::{StatusCode, request::Parts};
/// use session_runtime::prelude::*;
/// use session_runtime::testing::TestClient;
/// use session_runtime::{Guard, ReadOnlySession};
///
/// /// Which user wrote which post.
/// #[derive(Clone)]
/// struct Posts(Vec<u64>);
///
/// struct IsOwner;
///
/// impl Guard<Posts> for IsOwner {
///     type Refusal = (StatusCode, &'static str);
///
///     async fn check(
///         &self,
///         session: &ReadOnlySession,
///         parts: &mut Parts,
///         posts: &Posts,
///     ) -> Result<(), Self::Refusal> {
///         let path = Path::<usize>::from_request_parts(parts, posts).await;
///         let Path(post) = path.map_err(|_| (StatusCode::NOT_FOUND, "no such post"))?;
///         let user: Option<u64> = session.get("user_id").unwrap_or_default();
///         if user.is_some() && user.as_ref() == posts.0.get(post) {
///             Ok(())
///         } else {
///             Err((StatusCode::FORBIDDEN, "this post is somebody else's"))
///         }
///     }
/// }
///
/// #[post("/posts/{id}")]
/// #[login_required]
/// #[guard(IsOwner)]
/// async fn edit() -> &'static str {
///     "saved"
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let client = TestClient::new(|sessions| {
///     routes![edit].with_sessions(sessions).with_state(Posts(vec![7, 8]))
/// });
/// assert_eq!(client.post("/posts/1").await.status(), 401);
/// client.login(7).await;
/// assert_eq!(client.post("/posts/0").await.text(), "saved");
/// assert_eq!(client.post("/posts/1").await.status(), 403);
/// # });
/// ```
///
/// A guard that changes the session is not foreseen. One that has to, takes [`Session`](crate::Session) from the parts as any
/// extractor does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not guard routes of a router whose state is `{S}`",
    label = "this is guarded by `{Self}`, which does not implement `session_runtime::Guard<{S}>`",
    note = "a guard that needs no state is written for every one: `impl<S: Sync> Guard<S> for {Self}`"
)]
pub trait Guard<S>: Send + Sync {
    /// What is answered to whom it does not let through.
    type Refusal: IntoResponse;

    /// Whether it is also asked at a handler that serves `OPTIONS` and nothing else. Browsers ask such a handler without
    /// cookies whether a page of another site may ask at all (CORS), so that it is open unless a guard says otherwise.
    const ASKED_AT_OPTIONS: bool = false;

    /// Lets the request through, or says what is answered instead.
    ///
    /// # Errors
    ///
    /// The answer. No other guard is then asked.
    fn check(
        &self,
        session: &ReadOnlySession,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), Self::Refusal>> + Send;

    /// What the route table calls it where it guards a group: its type, without the path to it. In `#[guard(..)]` it is called
    /// as it is written there.
    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(without_path(type_name::<Self>()))
    }
}

/// `app::guards::IsOwner<app::Post>` as `IsOwner<app::Post>`.
fn without_path(name: &'static str) -> &'static str {
    let before_arguments = name.find('<').unwrap_or(name.len());
    let (path, _) = name.split_at(before_arguments);
    let start = path.rfind("::").map_or(0, |at| at + 2);
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_called_by_its_last_name() {
        assert_eq!(without_path("app::guards::IsOwner"), "IsOwner");
        assert_eq!(without_path("a::Owns<a::Post>"), "Owns<a::Post>");
        assert_eq!(without_path("IsOwner"), "IsOwner");
    }
}
