//! A handler above and one below each route attribute.

use super::*;

macro_rules! pairs {
    ($($verb:ident $above:ident $below:ident;)*) => {$(
        #[login_required]
        #[$verb("/verbs/above")]
        pub(super) async fn $above() -> &'static str { stringify!($above) }

        #[$verb("/verbs/below")]
        #[login_required]
        pub(super) async fn $below() -> &'static str { stringify!($below) }
    )*};
}

pairs! {
    get get_above get_below;
    post post_above post_below;
    put put_above put_below;
    patch patch_above patch_below;
    delete delete_above delete_below;
}

#[login_required]
#[head("/verbs/head-above")]
pub(super) async fn head_above() {}

#[head("/verbs/head-below")]
#[login_required]
pub(super) async fn head_below() {}

#[login_required]
#[any("/verbs/any-above")]
pub(super) async fn any_above() -> &'static str {
    "any_above"
}

#[any("/verbs/any-below")]
#[login_required]
pub(super) async fn any_below() -> &'static str {
    "any_below"
}

#[login_required]
#[route("/verbs/route-above", methods(GET, POST))]
pub(super) async fn route_above() -> &'static str {
    "route_above"
}

#[route("/verbs/route-below", methods(GET, POST))]
#[login_required]
pub(super) async fn route_below() -> &'static str {
    "route_below"
}

#[options("/verbs/options")]
#[login_required]
pub(super) async fn options_pass() -> &'static str {
    "options_pass"
}
