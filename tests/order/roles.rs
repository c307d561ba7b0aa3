//! In every order of a route, a login guard that asks for a role, a session option, an exemption, and an attribute of another
//! crate.

use std::convert::Infallible;

use session_runtime::testing::TestClient;
use session_runtime::{
    AuthUser, Routes, UserLoader, csrf_exempt, get, login_required, routes, session,
};

use crate::permutations::assert_same_rows;

/// The user 1 is an admin.
#[derive(Clone)]
struct User(u64);

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        self.0
    }

    fn has_role(&self, role: &str) -> bool {
        role == "admin" && self.0 == 1
    }
}

struct Users;

impl UserLoader for Users {
    type User = User;
    type Error = Infallible;

    async fn load(&self, id: u64) -> Result<Option<User>, Infallible> {
        Ok(Some(User(id)))
    }
}

/// lingthio/Flask-User #137 and fedora-infra/tahrir #941: a role check above the route attribute did nothing.
#[tokio::test]
async fn every_order_is_the_same_row_and_lets_admins_through_alone() {
    let table = every::all().table();
    assert_same_rows(&table.to_string(), "login (/login, role admin)");
    let app = TestClient::new(|sessions| every::all().with_sessions(sessions.with_users(Users)));
    let visitors = [app.another(), app.another(), app.another()];
    let [stranger, user, admin] = visitors;
    user.login(2).await;
    admin.login(1).await;
    for row in table.routes() {
        assert!(row.is_csrf_exempt(), "{row:?}");
        let page = |client: &TestClient| client.get(row.path()).header("accept", "text/html");
        let answer = page(&stranger).await;
        assert_eq!(answer.status(), 303, "{row:?}");
        let login_page = format!("/login?next={}", row.path());
        assert_eq!(answer.location(), Some(&*login_page), "{row:?}");
        assert_eq!(page(&user).await.status(), 403, "{row:?}");
        let answer = page(&admin).await;
        assert_eq!(answer.status(), 200, "{row:?}");
        assert_eq!(answer.text(), row.handler());
    }
}

#[test]
#[should_panic = "`login (/login, role admin)`, and these sessions load no users"]
fn a_role_without_users_is_refused_when_the_router_is_built() {
    let _ = TestClient::new(|sessions| every::all().with_sessions(sessions));
}

mod every {
    use super::*;
    every_order!(get role);
}
