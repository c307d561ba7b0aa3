//! A parameter bound to one value of the session: which access its options and its type ask for.

use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{GenericArgument, PathArguments, Result, Type, TypeReference};

use crate::attribute::binding::{BindingOptions, Key};
use crate::error::Errors;

/// A `#[session]` parameter.
pub(crate) struct Binding {
    pub(crate) access: Access,
    pub(crate) shape: Shape,
    pub(crate) key: Key,
    /// The parameter's type, without `&mut`.
    pub(crate) declared: Type,
    /// The type of the value in the session.
    pub(crate) value: Type,
    pub(crate) default: Option<Default>,
}

/// What makes the value where the key is missing.
pub(crate) enum Default {
    /// The type's own default.
    OfType,
    Written(TokenStream),
}

/// What happens to the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    /// Read, changed by the handler, written back.
    Update,
    /// Read and removed.
    Take,
    Write,
}

/// How the parameter's type wraps the value's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Plain,
    Option,
    Result,
    Slot,
}

/// What a parameter's type says by itself.
struct Wrapped<'a> {
    /// The type without `&mut`.
    declared: &'a Type,
    reference: Reference,
    shape: Shape,
    /// The type inside `Option`, `Result` or `Slot`.
    inner: &'a Type,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reference {
    None,
    Shared,
    Mutable,
}

/// What a binding is, by its options and its type; `None` if they do not go together, which is then reported.
pub(crate) fn classify(
    options: &BindingOptions,
    ty: &Type,
    errors: &mut Errors,
) -> Option<(Access, Shape, Type, Type)> {
    let wrapped = unwrap(ty);
    let access = access(options, ty, &wrapped, errors)?;
    if access != Access::Write && refuse_lent(&wrapped, errors) {
        return None;
    }
    let (shape, value) = match (access, wrapped.shape, &options.default) {
        (Access::Read | Access::Take, Shape::Option | Shape::Result, Some(default)) => {
            let sentence = match wrapped.shape {
                Shape::Option => {
                    "a missing key is `None` here already; drop `default`, or take the value itself instead of an `Option`"
                }
                _ => {
                    "a missing key is an error here already; drop `default`, or take the value itself instead of a `Result`"
                }
            };
            errors.at(default.span, sentence);
            return None;
        }
        // `&mut Option<T>` begins with the default and can be emptied.
        (Access::Update, _, Some(_)) | (Access::Update, Shape::Result | Shape::Slot, _) => {
            (Shape::Plain, wrapped.declared)
        }
        (Access::Update | Access::Read | Access::Take | Access::Write, shape, _) => {
            (shape, wrapped.inner)
        }
    };
    Some((access, shape, wrapped.declared.clone(), value.clone()))
}

impl Access {
    /// The word in the marker.
    pub(super) fn word(self) -> Ident {
        let word = match self {
            Self::Read => "read",
            Self::Update => "update",
            Self::Take => "take",
            Self::Write => "write",
        };
        Ident::new(word, Span::mixed_site())
    }
}

impl Parse for Access {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let word: Ident = input.parse()?;
        [Self::Read, Self::Update, Self::Take, Self::Write]
            .into_iter()
            .find(|access| access.word() == word)
            .ok_or_else(|| syn::Error::new(word.span(), "`__contract` is internal"))
    }
}

impl Shape {
    /// The word in the marker.
    pub(super) fn word(self) -> Ident {
        let word = match self {
            Self::Plain => "plain",
            Self::Option => "option",
            Self::Result => "result",
            Self::Slot => "slot",
        };
        Ident::new(word, Span::mixed_site())
    }
}

impl Parse for Shape {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let word: Ident = input.parse()?;
        [Self::Plain, Self::Option, Self::Result, Self::Slot]
            .into_iter()
            .find(|shape| shape.word() == word)
            .ok_or_else(|| syn::Error::new(word.span(), "`__contract` is internal"))
    }
}

/// Looks through the parentheses and the invisible groups that `macro_rules!` leaves around a type.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        other => other,
    }
}

/// The `T` of `Name<T>`, under whatever path.
pub(crate) fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = peel(ty) else {
        return None;
    };
    let segment = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn unwrap(ty: &Type) -> Wrapped<'_> {
    let (reference, declared) = match peel(ty) {
        Type::Reference(reference) if reference.mutability.is_some() => {
            (Reference::Mutable, &*reference.elem)
        }
        Type::Reference(reference) => (Reference::Shared, &*reference.elem),
        _ => (Reference::None, ty),
    };
    let shapes = [
        ("Option", Shape::Option),
        ("Result", Shape::Result),
        ("Slot", Shape::Slot),
    ];
    let (shape, inner) = shapes
        .into_iter()
        .find_map(|(name, shape)| Some((shape, argument(declared, name)?)))
        .unwrap_or((Shape::Plain, declared));
    Wrapped {
        declared,
        reference,
        shape,
        inner,
    }
}

/// The first reference in a type: what is read from text is lent to nobody.
pub(super) fn lent(ty: &Type) -> Option<&TypeReference> {
    match peel(ty) {
        Type::Reference(reference) => Some(reference),
        Type::Array(array) => lent(&array.elem),
        Type::Slice(slice) => lent(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(lent),
        Type::Path(path) => path.path.segments.iter().find_map(|segment| {
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                return None;
            };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) if segment.ident != "PhantomData" => lent(ty),
                _ => None,
            })
        }),
        _ => None,
    }
}

/// The type of what a reference to this type is lent from.
pub(super) fn owned(ty: &Type) -> String {
    match shown(ty).as_str() {
        "str" => "String".to_owned(),
        slice if slice.starts_with('[') && !slice.contains(';') => {
            format!("Vec<{}>", slice.trim_matches(['[', ']']))
        }
        other => other.to_owned(),
    }
}

/// Refuses a value that is not the handler's own, or that is a part of one; true if it is one.
fn refuse_lent(wrapped: &Wrapped<'_>, errors: &mut Errors) -> bool {
    let inner = peel(wrapped.inner);
    let (place, value) = match (lent(inner), inner) {
        (Some(reference), _) => (Type::Reference(reference.clone()), &*reference.elem),
        (None, Type::Slice(_)) => (inner.clone(), inner),
        (None, Type::Path(path)) if path.path.is_ident("str") => (inner.clone(), inner),
        _ => return false,
    };
    let value = owned(value);
    let mend = match (wrapped.shape, inner) {
        (Shape::Option, Type::Reference(reference)) if reference.mutability.is_some() => {
            format!("; to change it, take `&mut Option<{value}>`")
        }
        _ => String::new(),
    };
    errors.over(
        &place,
        format!("a session value is the handler's own: write `{value}` here{mend}"),
    );
    true
}

/// A type as it is written.
pub(super) fn shown(ty: &Type) -> String {
    quote::quote!(#ty)
        .to_string()
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" :: ", "::")
        .replace("& ", "&")
        .replace("[ ", "[")
        .replace(" ]", "]")
        .replace(" ,", ",")
        .replace(" ;", ";")
}

/// The access, or the first reason why there is none.
fn access(
    options: &BindingOptions,
    ty: &Type,
    wrapped: &Wrapped<'_>,
    errors: &mut Errors,
) -> Option<Access> {
    use Reference::{Mutable, Shared};
    match (options.pop, options.set) {
        (Some(_), Some(set)) => {
            errors.at(set, "`pop` removes the value and `set` writes it: use one of them, or take `session: Session` to do both");
            None
        }
        (None, Some(set)) if options.default.is_some() => {
            errors.at(
                set,
                "`set` only writes, so there is nothing to default; drop one of them",
            );
            None
        }
        (None, Some(_)) if wrapped.shape != Shape::Slot || wrapped.reference != Reference::None => {
            // `Option<Slot<T>>` is meant as `Slot<T>`.
            let value = shown(argument(wrapped.inner, "Slot").unwrap_or(wrapped.inner));
            errors.over(ty, format!("a value is written through a `Slot`: write `Slot<{value}>`, then `.set(..)` in the handler"));
            None
        }
        (None, Some(_)) => Some(Access::Write),
        (_, None) if wrapped.shape == Shape::Slot => {
            errors.over(
                ty,
                "a `Slot` is there to write to; say so with `#[session(set)]`",
            );
            None
        }
        (Some(pop), None) if wrapped.reference != Reference::None => {
            let value = shown(wrapped.inner);
            errors.at(
                pop,
                format!(
                    "`pop` removes the value, so there is nothing to borrow: take `Option<{value}>`"
                ),
            );
            None
        }
        (Some(pop), None) if wrapped.shape == Shape::Result => {
            let value = shown(wrapped.inner);
            errors.at(
                pop,
                format!(
                    "a popped value is `Option<{value}>` or `{value}`; a `Result` is for reading"
                ),
            );
            None
        }
        (Some(_), None) => Some(Access::Take),
        (None, None) if wrapped.reference == Shared => {
            let value = owned(wrapped.declared);
            errors.over(ty, format!("a session value is read as `{value}`, or changed through `&mut {value}`; it is not lent as `&`"));
            None
        }
        (None, None) if wrapped.reference == Mutable => Some(Access::Update),
        (None, None) => Some(Access::Read),
    }
}
