//! `url_for!` and the router agree: whatever text goes into an address comes out of it as it was, at the handler that was
//! meant, wherever that is nested.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Json, Path, Query};
use http::{Request, StatusCode, header};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use session_runtime::{RouteTable, Routes, get, post, routes, url_for};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// What goes into an address, and what a handler finds there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Values {
    a: String,
    b: String,
    rest: String,
    tenant: String,
    query: Vec<(String, String)>,
}

/// What was answered by which handler.
type Answer = (String, Values);

#[get("/a/{a}/b/{b}")]
async fn pair(
    Path(path): Path<Values>,
    Query(query): Query<Vec<(String, String)>>,
) -> Json<Answer> {
    Json(("pair".to_owned(), Values { query, ..path }))
}

#[get("/{a}/{b}")]
async fn bare(
    Path(path): Path<Values>,
    Query(query): Query<Vec<(String, String)>>,
) -> Json<Answer> {
    Json(("bare".to_owned(), Values { query, ..path }))
}

#[get("/files/{a}/{*rest}")]
async fn files(
    Path(path): Path<Values>,
    Query(query): Query<Vec<(String, String)>>,
) -> Json<Answer> {
    Json(("files".to_owned(), Values { query, ..path }))
}

#[get("/{{b}}/v-{a}")]
async fn braces(Path(path): Path<Values>) -> Json<Answer> {
    Json(("braces".to_owned(), path))
}

/// The addresses of all of them, with these values and a query of two surplus arguments.
#[post("/addresses")]
async fn addresses(Json(given): Json<Values>) -> Json<[String; 4]> {
    let Values {
        a, b, rest, tenant, ..
    } = given;
    Json([
        url_for!(pair, a = a, b = b, tenant = tenant, more = rest),
        url_for!(bare, b = b, a = a, more = rest, tenant = tenant),
        url_for!(files, a = a, rest = rest, more = b, tenant = tenant),
        url_for!(braces, a = a, tenant = tenant),
    ])
}

fn all() -> Routes {
    routes![pair, bare, files, braces, addresses]
}

/// One router, and where its handlers are: the text before each of their paths.
struct Site {
    router: Router,
    table: RouteTable,
    /// In front of the paths of the table.
    mount: &'static str,
    /// Where [`addresses`] is.
    addresses: &'static str,
    /// A parameter of a prefix is among those of the paths.
    has_tenant: bool,
}

impl Site {
    fn new(routes: Routes, mount: &'static str, addresses: &'static str) -> Self {
        let table = routes.table();
        let has_tenant = table
            .routes()
            .all(|route| route.path().contains("{tenant}"));
        let inner: Router = routes.without_sessions();
        Self {
            table,
            router: match mount {
                "" => inner,
                "/outer" => Router::new().nest("/outer", inner),
                _ => Router::new().nest("/{outer}", Router::new().nest("/two", inner)),
            },
            mount,
            addresses,
            has_tenant,
        }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (
            status,
            to_bytes(response.into_body(), 1 << 20)
                .await
                .unwrap()
                .to_vec(),
        )
    }

    /// What is found at an address.
    async fn get(&self, address: &str) -> (StatusCode, Option<Answer>) {
        let request = Request::get(address).body(Body::empty()).unwrap();
        let (status, body) = self.send(request).await;
        (status, serde_json::from_slice(&body).ok())
    }

    /// Where the four addresses should lead, and with what.
    fn meant(&self, given: &Values) -> [Answer; 4] {
        let Values {
            a, b, rest, tenant, ..
        } = given;
        // It is in the path where a prefix has it, and else surplus.
        let surplus = |name: &str| !(self.has_tenant && name == "tenant");
        let query = |pairs: [(&str, &String); 2]| {
            let pairs = pairs.into_iter().filter(|(name, _)| surplus(name));
            pairs
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect()
        };
        let path = Values {
            a: a.clone(),
            tenant: if self.has_tenant {
                tenant.clone()
            } else {
                String::new()
            },
            ..Values::default()
        };
        let pair = Values {
            b: b.clone(),
            query: query([("tenant", tenant), ("more", rest)]),
            ..path.clone()
        };
        let bare = Values {
            b: b.clone(),
            query: query([("more", rest), ("tenant", tenant)]),
            ..path.clone()
        };
        let files = Values {
            rest: rest.clone(),
            query: query([("more", b), ("tenant", tenant)]),
            ..path.clone()
        };
        [
            ("pair", pair),
            ("bare", bare),
            ("files", files),
            ("braces", path),
        ]
        .map(|(handler, values)| (handler.to_owned(), values))
    }

    async fn addresses(&self, values: &Values) -> [String; 4] {
        let request = Request::post(self.addresses)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(serde_json::to_vec(values).unwrap()))
            .unwrap();
        let (status, body) = self.send(request).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }
}

/// The same routes at the root, two levels deep, under an outer router of axum's, and all of that with parameters in the
/// prefixes.
static SITES: LazyLock<[Site; 4]> = LazyLock::new(|| {
    let nested = |prefix: &str| Routes::new().nest("/one", Routes::new().nest(prefix, all()));
    [
        Site::new(all(), "", "/addresses"),
        Site::new(nested("/two"), "", "/one/two/addresses"),
        Site::new(nested("/two"), "/outer", "/outer/one/two/addresses"),
        Site::new(
            nested("/{tenant}"),
            "/a%2Fb/two",
            "/a%2Fb/two/one/some/addresses",
        ),
    ]
});

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// What is there to get wrong in an address, and any other text.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "..",
        ".",
        "%2F",
        "%",
        "%%",
        "%zz",
        "/",
        "//",
        "\\",
        "?",
        "#",
        "&",
        "=",
        "+",
        " ",
        ";",
        ":",
        "@",
        "{a}",
        "}",
        "*",
        "ü",
        "\u{1F600}",
        "\u{0}",
        "\n",
        "\u{7f}",
        "\u{feff}",
        "\u{202e}",
        "a",
        "B9",
    ]);
    prop_oneof![
        prop::collection::vec(odd, 1..5).prop_map(|pieces| pieces.concat()),
        any::<String>(),
        "[a-z]{1,4}",
    ]
}

fn filled() -> impl Strategy<Value = String> {
    text().prop_filter("an empty value has its own test", |text| !text.is_empty())
}

proptest! {
    #[test]
    fn what_url_for_is_given_arrives_at_the_handler(
        a in filled(), b in filled(), rest in filled(), tenant in filled(),
    ) {
        let given = Values { a, b, rest, tenant, query: Vec::new() };
        RUNTIME.block_on(async {
            for site in &*SITES {
                for (address, meant) in site.addresses(&given).await.iter().zip(site.meant(&given)) {
                    assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
                    assert!(!address.starts_with("//"), "{address}");
                    let found = site.get(address).await;
                    assert_eq!(found, (StatusCode::OK, Some(meant)), "{address}");
                }
            }
        });
    }

    /// No route takes an empty last segment. The address must not be one of another site; `braces` is not asked, since
    /// `/{a}/{b}` takes what it leaves.
    #[test]
    fn an_empty_value_arrives_or_leads_nowhere(
        a in text(), b in text(), rest in text(), empty in 0b001..=0b111_u8,
    ) {
        let unless = |bit, text| if empty & bit == 0 { text } else { String::new() };
        let given = Values {
            a: unless(0b001, a),
            b: unless(0b010, b),
            rest: unless(0b100, rest),
            tenant: "t".to_owned(),
            query: Vec::new(),
        };
        RUNTIME.block_on(async {
            for site in &*SITES {
                for (address, meant) in site.addresses(&given).await.iter().zip(site.meant(&given)).take(3) {
                    assert!(!address.starts_with("//"), "{address}");
                    let found = site.get(address).await;
                    let arrived = found == (StatusCode::OK, Some(meant));
                    assert!(arrived || found == (StatusCode::NOT_FOUND, None), "{address}: {found:?}");
                }
            }
        });
    }

    #[test]
    fn the_table_gives_the_address_that_a_request_gives_but_for_the_outer_mount(
        a in text(), b in text(), rest in text(), tenant in text(),
    ) {
        let given = Values { a, b, rest, tenant, query: Vec::new() };
        RUNTIME.block_on(async {
            for site in SITES.iter().filter(|site| site.addresses != "/addresses") {
                let [in_request, ..] = site.addresses(&given).await;
                let Values { a, b, rest, tenant, .. } = &given;
                let by_table = site
                    .table
                    .url_for::<pair>(&[("a", a), ("b", b), ("tenant", tenant), ("more", rest)]);
                assert_eq!(in_request, format!("{}{}", site.mount, by_table.unwrap()));
            }
        });
    }

    #[test]
    fn surplus_arguments_of_any_name_arrive_as_the_query_in_their_order(
        query in prop::collection::vec((text(), text()), 0..4),
    ) {
        let site = &SITES[1];
        let mut values: Vec<(&str, &dyn std::fmt::Display)> = vec![("b", &2), ("a", &1)];
        let query: Vec<_> = query.into_iter().filter(|(name, _)| name != "a" && name != "b").collect();
        for (name, value) in &query {
            values.push((name, value));
        }
        let address = site.table.url_for::<pair>(&values).unwrap();
        let (_, found) = RUNTIME.block_on(site.get(&address));
        let (handler, found) = found.unwrap();
        assert_eq!(handler, "pair");
        assert_eq!(found, Values { a: "1".to_owned(), b: "2".to_owned(), query, ..Values::default() }, "{address}");
    }
}
