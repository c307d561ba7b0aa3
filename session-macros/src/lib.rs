//! The macros behind session-runtime's attributes; use them through `session_runtime`, where they are documented.
//!
//! What a user wrote (`attribute`) becomes what is known of a handler (`model`), is checked where two things have to
//! agree (`check`), and is written out (`expand`). Nothing here knows axum or http: generated code names the runtime
//! through `paths` alone, and what it hands to `declare!` through names that stand there.

mod attribute;
mod check;
mod error;
mod expand;
mod item;
mod model;
mod name;
mod paths;
mod routes;
mod signature;
mod suggest;
mod url_for;
mod writer;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

macro_rules! attributes {
    ($($name:ident $kind:expr, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[proc_macro_attribute]
        pub fn $name(args: TokenStream, item: TokenStream) -> TokenStream {
            expand::attribute($kind, args.into(), item.into()).into()
        }
    )*};
}

use attribute::{Kind, Method};

attributes! {
    get Kind::Method(Method::Get), "Serves GET requests to a path.";
    post Kind::Method(Method::Post), "Serves POST requests to a path.";
    put Kind::Method(Method::Put), "Serves PUT requests to a path.";
    patch Kind::Method(Method::Patch), "Serves PATCH requests to a path.";
    delete Kind::Method(Method::Delete), "Serves DELETE requests to a path.";
    head Kind::Method(Method::Head), "Serves HEAD requests to a path.";
    options Kind::Method(Method::Options), "Serves OPTIONS requests to a path.";
    any Kind::Method(Method::Any), "Serves requests of every method to a path.";
    route Kind::Route, "Serves several methods of a path.";
    login_required Kind::LoginRequired, "Lets only logged-in users in.";
    guard Kind::Guard, "Puts a guard of the application's own in front of a handler.";
    public Kind::Public, "Says on purpose that anyone may call a route.";
    csrf_exempt Kind::CsrfExempt, "Says on purpose that other sites' pages may send requests to a route.";
    session Kind::Session, "Says what a route does to the session, or binds a parameter to one of its values.";
}

/// Internal: carries what is known of a handler from one attribute to the next.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __contract(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::marker(args.into(), item.into()).into()
}

/// Internal: collects annotated handlers. The runtime's `routes!` puts its own path in front.
#[doc(hidden)]
#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    paths::below_root(input.into(), routes::expand).into()
}

/// Internal: the URL of an annotated handler. The runtime's `url_for!` puts its own path in front.
#[doc(hidden)]
#[proc_macro]
pub fn url_for(input: TokenStream) -> TokenStream {
    paths::below_root(input.into(), url_for::expand).into()
}
