//! In every order of a route, a guard, a session option, an exemption and an attribute of another crate.

use axum::http::{Method, StatusCode};
use session_runtime::{Routes, csrf_exempt, get, login_required, post, routes, session};

use crate::visit::{app, page_view, shut, unread};

/// Makes handlers of a table of orders, and `all()` of the handlers.
macro_rules! handlers {
    ($verb:ident; $($name:ident $path:literal: $($word:ident)*;)*) => {
        $(handler!($verb $name $path [] $($word)*);)*

        pub(super) fn all() -> Routes {
            routes![$($name),*]
        }
    };
}

/// Puts one attribute after the other on a handler: a macro cannot stand in an attribute's place.
macro_rules! handler {
    ($verb:ident $name:ident $path:literal [$($done:tt)*]) => {
        $($done)*
        async fn $name() -> &'static str {
            stringify!($name)
        }
    };
    ($verb:ident $name:ident $path:literal [$($done:tt)*] route $($word:ident)*) => {
        handler!($verb $name $path [$($done)* #[$verb($path)]] $($word)*);
    };
    ($verb:ident $name:ident $path:literal [$($done:tt)*] guard $($word:ident)*) => {
        handler!($verb $name $path [$($done)* #[login_required(redirect = "/login")]] $($word)*);
    };
    ($verb:ident $name:ident $path:literal [$($done:tt)*] read_only $($word:ident)*) => {
        handler!($verb $name $path [$($done)* #[session(read_only)]] $($word)*);
    };
    ($verb:ident $name:ident $path:literal [$($done:tt)*] exempt $($word:ident)*) => {
        handler!($verb $name $path [$($done)* #[csrf_exempt]] $($word)*);
    };
    ($verb:ident $name:ident $path:literal [$($done:tt)*] traced $($word:ident)*) => {
        handler!($verb $name $path [$($done)* #[tracing::instrument]] $($word)*);
    };
}

/// All 120 orders of five attributes, written out because a macro cannot count.
macro_rules! every_order {
    ($verb:ident) => {
        handlers! { $verb;
            order_000 "/order_000": route guard read_only exempt traced;
            order_001 "/order_001": route guard read_only traced exempt;
            order_002 "/order_002": route guard exempt read_only traced;
            order_003 "/order_003": route guard exempt traced read_only;
            order_004 "/order_004": route guard traced read_only exempt;
            order_005 "/order_005": route guard traced exempt read_only;
            order_006 "/order_006": route read_only guard exempt traced;
            order_007 "/order_007": route read_only guard traced exempt;
            order_008 "/order_008": route read_only exempt guard traced;
            order_009 "/order_009": route read_only exempt traced guard;
            order_010 "/order_010": route read_only traced guard exempt;
            order_011 "/order_011": route read_only traced exempt guard;
            order_012 "/order_012": route exempt guard read_only traced;
            order_013 "/order_013": route exempt guard traced read_only;
            order_014 "/order_014": route exempt read_only guard traced;
            order_015 "/order_015": route exempt read_only traced guard;
            order_016 "/order_016": route exempt traced guard read_only;
            order_017 "/order_017": route exempt traced read_only guard;
            order_018 "/order_018": route traced guard read_only exempt;
            order_019 "/order_019": route traced guard exempt read_only;
            order_020 "/order_020": route traced read_only guard exempt;
            order_021 "/order_021": route traced read_only exempt guard;
            order_022 "/order_022": route traced exempt guard read_only;
            order_023 "/order_023": route traced exempt read_only guard;
            order_024 "/order_024": guard route read_only exempt traced;
            order_025 "/order_025": guard route read_only traced exempt;
            order_026 "/order_026": guard route exempt read_only traced;
            order_027 "/order_027": guard route exempt traced read_only;
            order_028 "/order_028": guard route traced read_only exempt;
            order_029 "/order_029": guard route traced exempt read_only;
            order_030 "/order_030": guard read_only route exempt traced;
            order_031 "/order_031": guard read_only route traced exempt;
            order_032 "/order_032": guard read_only exempt route traced;
            order_033 "/order_033": guard read_only exempt traced route;
            order_034 "/order_034": guard read_only traced route exempt;
            order_035 "/order_035": guard read_only traced exempt route;
            order_036 "/order_036": guard exempt route read_only traced;
            order_037 "/order_037": guard exempt route traced read_only;
            order_038 "/order_038": guard exempt read_only route traced;
            order_039 "/order_039": guard exempt read_only traced route;
            order_040 "/order_040": guard exempt traced route read_only;
            order_041 "/order_041": guard exempt traced read_only route;
            order_042 "/order_042": guard traced route read_only exempt;
            order_043 "/order_043": guard traced route exempt read_only;
            order_044 "/order_044": guard traced read_only route exempt;
            order_045 "/order_045": guard traced read_only exempt route;
            order_046 "/order_046": guard traced exempt route read_only;
            order_047 "/order_047": guard traced exempt read_only route;
            order_048 "/order_048": read_only route guard exempt traced;
            order_049 "/order_049": read_only route guard traced exempt;
            order_050 "/order_050": read_only route exempt guard traced;
            order_051 "/order_051": read_only route exempt traced guard;
            order_052 "/order_052": read_only route traced guard exempt;
            order_053 "/order_053": read_only route traced exempt guard;
            order_054 "/order_054": read_only guard route exempt traced;
            order_055 "/order_055": read_only guard route traced exempt;
            order_056 "/order_056": read_only guard exempt route traced;
            order_057 "/order_057": read_only guard exempt traced route;
            order_058 "/order_058": read_only guard traced route exempt;
            order_059 "/order_059": read_only guard traced exempt route;
            order_060 "/order_060": read_only exempt route guard traced;
            order_061 "/order_061": read_only exempt route traced guard;
            order_062 "/order_062": read_only exempt guard route traced;
            order_063 "/order_063": read_only exempt guard traced route;
            order_064 "/order_064": read_only exempt traced route guard;
            order_065 "/order_065": read_only exempt traced guard route;
            order_066 "/order_066": read_only traced route guard exempt;
            order_067 "/order_067": read_only traced route exempt guard;
            order_068 "/order_068": read_only traced guard route exempt;
            order_069 "/order_069": read_only traced guard exempt route;
            order_070 "/order_070": read_only traced exempt route guard;
            order_071 "/order_071": read_only traced exempt guard route;
            order_072 "/order_072": exempt route guard read_only traced;
            order_073 "/order_073": exempt route guard traced read_only;
            order_074 "/order_074": exempt route read_only guard traced;
            order_075 "/order_075": exempt route read_only traced guard;
            order_076 "/order_076": exempt route traced guard read_only;
            order_077 "/order_077": exempt route traced read_only guard;
            order_078 "/order_078": exempt guard route read_only traced;
            order_079 "/order_079": exempt guard route traced read_only;
            order_080 "/order_080": exempt guard read_only route traced;
            order_081 "/order_081": exempt guard read_only traced route;
            order_082 "/order_082": exempt guard traced route read_only;
            order_083 "/order_083": exempt guard traced read_only route;
            order_084 "/order_084": exempt read_only route guard traced;
            order_085 "/order_085": exempt read_only route traced guard;
            order_086 "/order_086": exempt read_only guard route traced;
            order_087 "/order_087": exempt read_only guard traced route;
            order_088 "/order_088": exempt read_only traced route guard;
            order_089 "/order_089": exempt read_only traced guard route;
            order_090 "/order_090": exempt traced route guard read_only;
            order_091 "/order_091": exempt traced route read_only guard;
            order_092 "/order_092": exempt traced guard route read_only;
            order_093 "/order_093": exempt traced guard read_only route;
            order_094 "/order_094": exempt traced read_only route guard;
            order_095 "/order_095": exempt traced read_only guard route;
            order_096 "/order_096": traced route guard read_only exempt;
            order_097 "/order_097": traced route guard exempt read_only;
            order_098 "/order_098": traced route read_only guard exempt;
            order_099 "/order_099": traced route read_only exempt guard;
            order_100 "/order_100": traced route exempt guard read_only;
            order_101 "/order_101": traced route exempt read_only guard;
            order_102 "/order_102": traced guard route read_only exempt;
            order_103 "/order_103": traced guard route exempt read_only;
            order_104 "/order_104": traced guard read_only route exempt;
            order_105 "/order_105": traced guard read_only exempt route;
            order_106 "/order_106": traced guard exempt route read_only;
            order_107 "/order_107": traced guard exempt read_only route;
            order_108 "/order_108": traced read_only route guard exempt;
            order_109 "/order_109": traced read_only route exempt guard;
            order_110 "/order_110": traced read_only guard route exempt;
            order_111 "/order_111": traced read_only guard exempt route;
            order_112 "/order_112": traced read_only exempt route guard;
            order_113 "/order_113": traced read_only exempt guard route;
            order_114 "/order_114": traced exempt route guard read_only;
            order_115 "/order_115": traced exempt route read_only guard;
            order_116 "/order_116": traced exempt guard route read_only;
            order_117 "/order_117": traced exempt guard read_only route;
            order_118 "/order_118": traced exempt read_only route guard;
            order_119 "/order_119": traced exempt read_only guard route;
        }
    };
}

/// lingthio/Flask-User #137 and fedora-infra/tahrir #941: a check above the route attribute did nothing.
#[tokio::test]
async fn every_order_is_the_same_row_of_the_table_and_shuts_out_strangers_only() {
    for (method, routes) in [(Method::GET, reads::all()), (Method::POST, writes::all())] {
        let table = routes.table();
        let rows: Vec<_> = table.routes().collect();
        assert_eq!(rows.len(), 120);
        assert_same_rows(&table.to_string());
        for row in &rows {
            assert!(row.is_guarded() && row.is_csrf_exempt(), "{row:?}");
            assert_eq!(row.method(), method.as_str(), "{row:?}");
        }
        let app = app(routes);
        for row in rows {
            shut(&app, method.clone(), row.path(), row.handler()).await;
            let stranger = page_view(&app, method.clone(), row.path(), unread()).await;
            assert_eq!(stranger, StatusCode::SEE_OTHER, "{row:?}");
        }
    }
}

/// The rows of the table differ in the handler's number and in nothing else.
fn assert_same_rows(table: &str) {
    let without_numbers = |line: &str| line.replace(|letter: char| letter.is_ascii_digit(), "");
    let rows: Vec<_> = table
        .lines()
        .filter(|line| line.contains("order_"))
        .map(without_numbers)
        .collect();
    assert_eq!(rows.len(), 120, "{table}");
    for row in &rows {
        assert_eq!(*row, rows[0]);
        assert!(row.contains("read_only"), "{row}");
    }
}

mod reads {
    use super::*;
    every_order!(get);
}

mod writes {
    use super::*;
    every_order!(post);
}
