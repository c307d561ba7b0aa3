//! Bare actix-web: the base line of what is made for it.

use std::hint::black_box;

use actix_web::test::init_service;
use actix_web::{App, web};

use super::{Contender, Role};
use crate::app::Actix;
use crate::data::{USER, VISITS};

pub(super) const ID: &str = "actix-web";

pub(super) const CONTENDER: Contender = Contender {
    id: ID,
    name: "bare actix-web",
    role: Role::BaseLine,
    base_line: ID,
    app: || {
        let app = App::new()
            .route("/untouched", web::get().to(async || "untouched"))
            .route("/read", web::get().to(async || black_box(USER).to_string()))
            .route(
                "/change",
                web::post().to(async || (black_box(VISITS) + 1).to_string()),
            )
            .route("/login", web::post().to(async || "welcome"));
        Box::new(Actix::new(init_service(app)))
    },
};
