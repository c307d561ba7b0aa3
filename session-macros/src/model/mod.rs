//! What is known of a handler: the sum of its attributes and its `#[session]` parameters. Knows neither what was
//! written where, beyond places to point at, nor what comes out.

pub(crate) mod binding;
pub(crate) mod marker;
mod meant;
pub(crate) mod parameters;

use proc_macro2::Span;

use crate::attribute::{Guard, LoginRequired, Route, Said, SessionOptions, Written};
use crate::error::Errors;
use binding::Binding;

/// The contract of one handler.
#[derive(Default)]
pub(crate) struct Contract {
    pub(crate) routes: Vec<Route>,
    pub(crate) login: Option<Placed<LoginRequired>>,
    /// The application's own, in the order in which they are asked.
    pub(crate) guards: Vec<Placed<Guard>>,
    pub(crate) public: Option<Placed<Span>>,
    pub(crate) csrf_exempt: Option<Span>,
    pub(crate) session: SessionOptions,
    pub(crate) bindings: Vec<Binding>,
}

/// Something said by the `order`th attribute, counted from the top.
pub(crate) struct Placed<T> {
    pub(crate) order: usize,
    pub(crate) value: T,
}

impl Contract {
    /// Puts together what the attributes say; what an attribute says twice is reported at the second.
    pub(crate) fn of(said: Vec<Said>, bindings: Vec<Binding>, errors: &mut Errors) -> Self {
        let mut contract = Self {
            bindings,
            ..Self::default()
        };
        for (order, said) in said.into_iter().enumerate() {
            let (name, span) = (said.kind.name(), said.span);
            let twice = match said.read(errors) {
                Written::Route(route) => {
                    contract.routes.push(route);
                    false
                }
                Written::LoginRequired(value) => {
                    replace(&mut contract.login, Placed { order, value })
                }
                Written::Guards(guards) => {
                    let placed = guards.into_iter().map(|value| Placed { order, value });
                    contract.guards.extend(placed);
                    false
                }
                Written::Public => replace(&mut contract.public, Placed { order, value: span }),
                Written::CsrfExempt => replace(&mut contract.csrf_exempt, span),
                Written::Session(options) => {
                    contract.session.merge(options, errors);
                    false
                }
            };
            if twice {
                errors.at(
                    span,
                    format!("`#[{name}]` is given twice; write it once, with all of its options"),
                );
            }
        }
        contract
    }
}

/// True if there was a value before.
fn replace<T>(place: &mut Option<T>, value: T) -> bool {
    let twice = place.is_some();
    place.get_or_insert(value);
    twice
}
