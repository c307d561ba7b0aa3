//! The routes of one function against each other, and against its parameters.

use crate::error::Errors;
use crate::item::Function;
use crate::model::Contract;
use crate::signature::Input;

/// The router would panic at the second.
pub(super) fn each_route_is_given_once(contract: &Contract, errors: &mut Errors) {
    let served: usize = contract
        .routes
        .iter()
        .map(|route| route.methods.len())
        .sum();
    if served < 2 {
        return;
    }
    let mut seen = Vec::new();
    for route in contract.routes.iter().filter(|route| !route.is_refused) {
        for (method, span) in &route.methods {
            let (method, path) = (method.text(), &route.path);
            if seen.contains(&(method, path)) {
                errors.at(
                    *span,
                    format!("this function serves `{method} {path}` already; drop one of the two"),
                );
            } else {
                seen.push((method, path));
            }
        }
    }
}

/// A `String` is the request's body, of which a `GET` has none; Flask hands over the parts of a path by their names.
pub(super) fn a_part_of_the_path_is_not_the_body(
    contract: &Contract,
    function: &Function,
    errors: &mut Errors,
) {
    let paths: Vec<String> = contract
        .routes
        .iter()
        .map(|route| &route.path)
        .filter(|path| path.contains('{'))
        .map(|path| path.replace("{{", "").replace("{*", "{"))
        .collect();
    for input in &function.sig.inputs {
        if paths.is_empty() {
            return;
        }
        let Input::Parameter(parameter) = input else {
            continue;
        };
        if parameter.type_name().as_deref() == Some("String")
            && let Some(name) = parameter.name()
            && let part = format!("{{{name}}}")
            && paths.iter().any(|path| path.contains(&part))
        {
            errors.over(
                &parameter.ty,
                format!("`{name}` is a part of the path, and a `String` is the request's body: take `Path({name}): Path<String>`, or call the body otherwise"),
            );
        }
    }
}
