//! In every order of a route, the login guard, a session option, an attribute of another crate, and as the fifth an exemption,
//! a guard of the application's own, or a second route.

use axum::http::{Method, StatusCode};
use session_runtime::{
    Routes, csrf_exempt, get, guard, login_required, post, route, routes, session,
};

use crate::visit::{Writes, app, page_view, shut, shut_to_readers, unread};

/// Makes handlers of a table of orders, and `all()` of the handlers.
macro_rules! handlers {
    ($verb:ident $fifth:ident; $($name:ident $path:literal: $($word:ident)*;)*) => {
        $(handler!([$verb $fifth] $name $path [] $($word)*);)*

        pub(super) fn all() -> Routes {
            routes![$($name),*]
        }
    };
}

/// Puts one attribute after the other on a handler: a macro cannot stand in an attribute's place.
macro_rules! handler {
    ($with:tt $name:ident $path:literal [$($done:tt)*]) => {
        $($done)*
        async fn $name() -> &'static str {
            stringify!($name)
        }
    };
    ([$verb:ident $fifth:ident] $name:ident $path:literal [$($done:tt)*] route $($word:ident)*) => {
        handler!([$verb $fifth] $name $path [$($done)* #[$verb($path)]] $($word)*);
    };
    ([$verb:ident role] $name:ident $path:literal [$($done:tt)*] guard $($word:ident)*) => {
        handler!([$verb role] $name $path [$($done)* #[login_required(redirect = "/login", role = "admin")]] $($word)*);
    };
    ([$verb:ident role] $name:ident $path:literal [$($done:tt)*] fifth $($word:ident)*) => {
        handler!([$verb role] $name $path [$($done)* #[csrf_exempt]] $($word)*);
    };
    ($with:tt $name:ident $path:literal [$($done:tt)*] guard $($word:ident)*) => {
        handler!($with $name $path [$($done)* #[login_required(redirect = "/login")]] $($word)*);
    };
    ($with:tt $name:ident $path:literal [$($done:tt)*] read_only $($word:ident)*) => {
        handler!($with $name $path [$($done)* #[session(read_only)]] $($word)*);
    };
    ([$verb:ident exempt] $name:ident $path:literal [$($done:tt)*] fifth $($word:ident)*) => {
        handler!([$verb exempt] $name $path [$($done)* #[csrf_exempt]] $($word)*);
    };
    ([$verb:ident own] $name:ident $path:literal [$($done:tt)*] fifth $($word:ident)*) => {
        handler!([$verb own] $name $path [$($done)* #[guard(Writes)]] $($word)*);
    };
    ([$verb:ident again] $name:ident $path:literal [$($done:tt)*] fifth $($word:ident)*) => {
        handler!([$verb again] $name $path [$($done)* #[route($path, methods(PUT, DELETE))]] $($word)*);
    };
    ($with:tt $name:ident $path:literal [$($done:tt)*] traced $($word:ident)*) => {
        handler!($with $name $path [$($done)* #[tracing::instrument]] $($word)*);
    };
}

/// All 120 orders of five attributes, written out because a macro cannot count.
macro_rules! every_order {
    ($verb:ident $fifth:ident) => {
        handlers! { $verb $fifth;
            order_000 "/order_000": route guard read_only fifth traced;
            order_001 "/order_001": route guard read_only traced fifth;
            order_002 "/order_002": route guard fifth read_only traced;
            order_003 "/order_003": route guard fifth traced read_only;
            order_004 "/order_004": route guard traced read_only fifth;
            order_005 "/order_005": route guard traced fifth read_only;
            order_006 "/order_006": route read_only guard fifth traced;
            order_007 "/order_007": route read_only guard traced fifth;
            order_008 "/order_008": route read_only fifth guard traced;
            order_009 "/order_009": route read_only fifth traced guard;
            order_010 "/order_010": route read_only traced guard fifth;
            order_011 "/order_011": route read_only traced fifth guard;
            order_012 "/order_012": route fifth guard read_only traced;
            order_013 "/order_013": route fifth guard traced read_only;
            order_014 "/order_014": route fifth read_only guard traced;
            order_015 "/order_015": route fifth read_only traced guard;
            order_016 "/order_016": route fifth traced guard read_only;
            order_017 "/order_017": route fifth traced read_only guard;
            order_018 "/order_018": route traced guard read_only fifth;
            order_019 "/order_019": route traced guard fifth read_only;
            order_020 "/order_020": route traced read_only guard fifth;
            order_021 "/order_021": route traced read_only fifth guard;
            order_022 "/order_022": route traced fifth guard read_only;
            order_023 "/order_023": route traced fifth read_only guard;
            order_024 "/order_024": guard route read_only fifth traced;
            order_025 "/order_025": guard route read_only traced fifth;
            order_026 "/order_026": guard route fifth read_only traced;
            order_027 "/order_027": guard route fifth traced read_only;
            order_028 "/order_028": guard route traced read_only fifth;
            order_029 "/order_029": guard route traced fifth read_only;
            order_030 "/order_030": guard read_only route fifth traced;
            order_031 "/order_031": guard read_only route traced fifth;
            order_032 "/order_032": guard read_only fifth route traced;
            order_033 "/order_033": guard read_only fifth traced route;
            order_034 "/order_034": guard read_only traced route fifth;
            order_035 "/order_035": guard read_only traced fifth route;
            order_036 "/order_036": guard fifth route read_only traced;
            order_037 "/order_037": guard fifth route traced read_only;
            order_038 "/order_038": guard fifth read_only route traced;
            order_039 "/order_039": guard fifth read_only traced route;
            order_040 "/order_040": guard fifth traced route read_only;
            order_041 "/order_041": guard fifth traced read_only route;
            order_042 "/order_042": guard traced route read_only fifth;
            order_043 "/order_043": guard traced route fifth read_only;
            order_044 "/order_044": guard traced read_only route fifth;
            order_045 "/order_045": guard traced read_only fifth route;
            order_046 "/order_046": guard traced fifth route read_only;
            order_047 "/order_047": guard traced fifth read_only route;
            order_048 "/order_048": read_only route guard fifth traced;
            order_049 "/order_049": read_only route guard traced fifth;
            order_050 "/order_050": read_only route fifth guard traced;
            order_051 "/order_051": read_only route fifth traced guard;
            order_052 "/order_052": read_only route traced guard fifth;
            order_053 "/order_053": read_only route traced fifth guard;
            order_054 "/order_054": read_only guard route fifth traced;
            order_055 "/order_055": read_only guard route traced fifth;
            order_056 "/order_056": read_only guard fifth route traced;
            order_057 "/order_057": read_only guard fifth traced route;
            order_058 "/order_058": read_only guard traced route fifth;
            order_059 "/order_059": read_only guard traced fifth route;
            order_060 "/order_060": read_only fifth route guard traced;
            order_061 "/order_061": read_only fifth route traced guard;
            order_062 "/order_062": read_only fifth guard route traced;
            order_063 "/order_063": read_only fifth guard traced route;
            order_064 "/order_064": read_only fifth traced route guard;
            order_065 "/order_065": read_only fifth traced guard route;
            order_066 "/order_066": read_only traced route guard fifth;
            order_067 "/order_067": read_only traced route fifth guard;
            order_068 "/order_068": read_only traced guard route fifth;
            order_069 "/order_069": read_only traced guard fifth route;
            order_070 "/order_070": read_only traced fifth route guard;
            order_071 "/order_071": read_only traced fifth guard route;
            order_072 "/order_072": fifth route guard read_only traced;
            order_073 "/order_073": fifth route guard traced read_only;
            order_074 "/order_074": fifth route read_only guard traced;
            order_075 "/order_075": fifth route read_only traced guard;
            order_076 "/order_076": fifth route traced guard read_only;
            order_077 "/order_077": fifth route traced read_only guard;
            order_078 "/order_078": fifth guard route read_only traced;
            order_079 "/order_079": fifth guard route traced read_only;
            order_080 "/order_080": fifth guard read_only route traced;
            order_081 "/order_081": fifth guard read_only traced route;
            order_082 "/order_082": fifth guard traced route read_only;
            order_083 "/order_083": fifth guard traced read_only route;
            order_084 "/order_084": fifth read_only route guard traced;
            order_085 "/order_085": fifth read_only route traced guard;
            order_086 "/order_086": fifth read_only guard route traced;
            order_087 "/order_087": fifth read_only guard traced route;
            order_088 "/order_088": fifth read_only traced route guard;
            order_089 "/order_089": fifth read_only traced guard route;
            order_090 "/order_090": fifth traced route guard read_only;
            order_091 "/order_091": fifth traced route read_only guard;
            order_092 "/order_092": fifth traced guard route read_only;
            order_093 "/order_093": fifth traced guard read_only route;
            order_094 "/order_094": fifth traced read_only route guard;
            order_095 "/order_095": fifth traced read_only guard route;
            order_096 "/order_096": traced route guard read_only fifth;
            order_097 "/order_097": traced route guard fifth read_only;
            order_098 "/order_098": traced route read_only guard fifth;
            order_099 "/order_099": traced route read_only fifth guard;
            order_100 "/order_100": traced route fifth guard read_only;
            order_101 "/order_101": traced route fifth read_only guard;
            order_102 "/order_102": traced guard route read_only fifth;
            order_103 "/order_103": traced guard route fifth read_only;
            order_104 "/order_104": traced guard read_only route fifth;
            order_105 "/order_105": traced guard read_only fifth route;
            order_106 "/order_106": traced guard fifth route read_only;
            order_107 "/order_107": traced guard fifth read_only route;
            order_108 "/order_108": traced read_only route guard fifth;
            order_109 "/order_109": traced read_only route fifth guard;
            order_110 "/order_110": traced read_only guard route fifth;
            order_111 "/order_111": traced read_only guard fifth route;
            order_112 "/order_112": traced read_only fifth route guard;
            order_113 "/order_113": traced read_only fifth guard route;
            order_114 "/order_114": traced fifth route guard read_only;
            order_115 "/order_115": traced fifth route read_only guard;
            order_116 "/order_116": traced fifth guard route read_only;
            order_117 "/order_117": traced fifth guard read_only route;
            order_118 "/order_118": traced fifth read_only route guard;
            order_119 "/order_119": traced fifth read_only guard route;
        }
    };
}

/// lingthio/Flask-User #137 and fedora-infra/tahrir #941: a check above the route attribute did nothing.
#[tokio::test]
async fn every_order_is_the_same_row_of_the_table_and_shuts_out_strangers_only() {
    let routes = exempt::all();
    for row in routes.table().routes() {
        assert!(row.is_csrf_exempt(), "{row:?}");
    }
    every_row_shuts_out_strangers(routes, Method::GET, "login (/login)").await;
}

#[tokio::test]
async fn every_order_asks_the_login_guard_first_and_then_the_applications_own() {
    let app = app(own::all());
    for row in own::all().table().routes() {
        shut_to_readers(&app, Method::POST, row.path(), row.handler()).await;
    }
    every_row_shuts_out_strangers(own::all(), Method::POST, "login (/login), Writes").await;
}

#[tokio::test]
async fn every_order_guards_each_of_several_routes_of_one_function() {
    let table = again::all().table();
    let app = app(again::all());
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let rows = table.routes().filter(|row| row.method() == method.as_str());
        let rows: Vec<_> = rows.collect();
        assert_eq!(rows.len(), 120, "{method}");
        for row in rows {
            assert!(row.guards().eq(["login (/login)"]), "{row:?}");
            shut(&app, method.clone(), row.path(), row.handler()).await;
        }
    }
}

/// The same handlers, unchanged, in groups: what a group asks comes before what they ask themselves.
#[tokio::test]
async fn every_order_stands_behind_the_guard_of_its_group_too() {
    let group = || again::all().guarded(Writes);
    let routes = Routes::new().nest("/deep/er", group()).merge(group());
    let rows: Vec<_> = routes.table().routes().collect();
    assert_eq!(rows.len(), 720);
    let app = app(routes);
    for row in rows {
        assert!(row.guards().eq(["Writes", "login (/login)"]), "{row:?}");
        let method = row.method().parse().unwrap();
        shut_to_readers(&app, method, row.path(), row.handler()).await;
    }
}

async fn every_row_shuts_out_strangers(routes: Routes, method: Method, guards: &str) {
    let table = routes.table();
    let rows: Vec<_> = table.routes().collect();
    assert_eq!(rows.len(), 120);
    assert_same_rows(&table.to_string(), guards);
    let app = app(routes);
    for row in rows {
        assert!(row.is_guarded(), "{row:?}");
        assert_eq!(row.method(), method.as_str(), "{row:?}");
        shut(&app, method.clone(), row.path(), row.handler()).await;
        let stranger = page_view(&app, method.clone(), row.path(), unread()).await;
        assert_eq!(stranger, StatusCode::SEE_OTHER, "{row:?}");
    }
}

/// The rows of the table differ in the handler's number and in nothing else.
pub fn assert_same_rows(table: &str, guards: &str) {
    let without_numbers = |line: &str| line.replace(|letter: char| letter.is_ascii_digit(), "");
    let rows: Vec<_> = table
        .lines()
        .filter(|line| line.contains("order_"))
        .map(without_numbers)
        .collect();
    assert_eq!(rows.len(), 120, "{table}");
    for row in &rows {
        assert_eq!(*row, rows[0]);
        assert!(row.contains("read_only") && row.contains(guards), "{row}");
    }
}

mod exempt {
    use super::*;
    every_order!(get exempt);
}

mod own {
    use super::*;
    every_order!(post own);
}

mod again {
    use super::*;
    every_order!(get again);
}
