//! The type beside a function that carries its contract. It has the function's name: `struct name {}` lives among the
//! types only, so that `name` is both, and `routes![name]` needs no second name.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitInt;
use syn::spanned::Spanned;

use super::{front, guards};
use crate::attribute::LoginRequired;
use crate::attribute::binding::Key;
use crate::item::Function;
use crate::model::Contract;
use crate::model::binding::{Access, Binding, Shape, argument};
use crate::name;
use crate::paths::{
    self, ACCESS, ALL, CHECK_KEY, CONTRACT, GUARD_INFO, HOLD, KEY, KEY_USE, LOGIN_REQUIRED,
    OPTIONS, REFUSAL, SESSION, TAKE, UPDATE, VALUES,
};

/// The type, its contract, and the function.
pub(super) fn expand(function: &Function, contract: &Contract, gated: bool) -> TokenStream {
    let Function {
        vis, sig, attrs, ..
    } = function;
    let name = &sig.ident;
    let cfgs: Vec<_> = attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .cloned()
        .collect();
    let text = text(name, contract);
    let declarations = declarations(contract);
    let front = front::expand(function, contract, gated);
    let bind = bind_all(contract);
    let own_guards = guards::expand(name, &cfgs, contract);
    let checks = contract
        .bindings
        .iter()
        .filter_map(check_key)
        .map(|check| quote!(#(#cfgs)* #check));
    let items = quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(
            non_camel_case_types, dead_code, missing_docs, unreachable_pub, missing_copy_implementations,
            missing_debug_implementations, clippy::exhaustive_structs,
        )]
        #vis struct #name {}

        #(#cfgs)*
        #[automatically_derived]
        impl #CONTRACT for #name {
            const TEXT: &'static str = #text;
            #declarations
            type Front = #front;
            #bind
        }

        #own_guards

        #(#checks)*
    };
    // A handler has to be async, whether it waits or not; and the gate is one parameter more than the user wrote.
    let lints = if gated {
        quote!(clippy::too_many_arguments)
    } else {
        quote!(clippy::unused_async)
    };
    quote!(#items #[allow(#lints)] #function)
}

/// A key in quotes is checked by the macro; what a constant is called only the compiler knows.
fn check_key(binding: &Binding) -> Option<TokenStream> {
    let Key::Constant(path) = &binding.key else {
        return None;
    };
    let (check, key) = (CHECK_KEY.at(path.span()), KEY.at(path.span()));
    let span = path.span().resolved_at(Span::mixed_site());
    Some(quote_spanned!(span=> const _: () = #check(#key::name(&#path));))
}

/// What the declaration says in text, in the order in which the runtime reads it.
fn text(name: &Ident, contract: &Contract) -> TokenStream {
    let flags = [
        (!contract.routes.is_empty(), 'r'),
        (contract.public.is_some(), 'p'),
        (contract.csrf_exempt.is_some(), 'c'),
    ];
    let flags = flags.map(|(is_set, letter)| if is_set { letter } else { '-' });
    let begin = format!("{}{}\0", String::from_iter(flags), name::text(name));
    let line = quote_spanned!(name.span()=> ::core::line!());
    let mut routes = String::from('\0');
    for route in &contract.routes {
        for (method, _) in &route.methods {
            routes.extend([method.text(), " ", &route.path.value(), "\0"]);
        }
    }
    quote! {
        ::core::concat!(#begin, ::core::module_path!(), "\0", ::core::file!(), "\0", #line, #routes)
    }
}

/// What cannot be said in text, where there is some.
fn declarations(contract: &Contract) -> TokenStream {
    let login = contract.login.iter().map(|login| login_guard(&login.value));
    let own_guards = contract.guards.iter().map(|guard| {
        let text = &guard.value.text;
        quote!(#GUARD_INFO::own(#text))
    });
    let guards: Vec<_> = login.chain(own_guards).collect();
    let guards = (!guards.is_empty())
        .then(|| quote!(const GUARDS: &'static [#GUARD_INFO] = &[#(#guards),*];));
    let keys: Vec<_> = contract.bindings.iter().map(key_use).collect();
    let keys = (!keys.is_empty()).then(|| quote!(const KEYS: &'static [#KEY_USE] = &[#(#keys),*];));
    let options = options(contract).map(|options| quote!(const OPTIONS: #OPTIONS = #options;));
    quote!(#guards #keys #options)
}

fn key_use(binding: &Binding) -> TokenStream {
    let access = Ident::new(access_name(binding.access), Span::mixed_site());
    // `&mut Option<T>` with a default keeps what `Option<T>` reads.
    let value = argument(&binding.value, "Option").unwrap_or(&binding.value);
    let name = match &binding.key {
        Key::Literal(literal) => quote!(#literal),
        Key::Constant(path) => {
            let key = KEY.at(path.span());
            quote_spanned!(path.span()=> #key::name(&#path))
        }
    };
    quote!(#KEY_USE::new::<#value>(#name, #ACCESS::#access))
}

fn login_guard(login: &LoginRequired) -> TokenStream {
    let redirect = login.redirect.iter().map(|page| quote!(.redirect(#page)));
    let fresh = login.fresh.iter().map(|fresh| match fresh.within {
        Some(seconds) => {
            let seconds = LitInt::new(&seconds.to_string(), fresh.span);
            quote!(.fresh_within(::core::time::Duration::from_secs(#seconds)))
        }
        None => quote!(.fresh()),
    });
    let role = login.role.iter().map(|role| quote!(.role(#role)));
    let permission = login
        .permission
        .iter()
        .map(|name| quote!(.permission(#name)));
    quote!(#GUARD_INFO::login(#LOGIN_REQUIRED #(#redirect)* #(#fresh)* #(#role)* #(#permission)*))
}

fn access_name(access: Access) -> &'static str {
    match access {
        Access::Read => "Read",
        Access::Update => "Update",
        Access::Take => "Take",
        Access::Write => "Write",
    }
}

fn options(contract: &Contract) -> Option<TokenStream> {
    let session = &contract.session;
    let permanent = session.permanent.iter().map(|_| quote!(.permanent()));
    let lifetime = session.lifetime.iter().map(|lifetime| {
        let seconds = LitInt::new(&lifetime.seconds.to_string(), lifetime.span);
        quote!(.lifetime(#seconds))
    });
    let renew = session.renew.iter().map(|_| quote!(.renew()));
    let clear = session.clear.iter().map(|_| quote!(.clear()));
    let read_only = session.read_only.iter().map(|_| quote!(.read_only()));
    let lock = session.lock.iter().map(|_| quote!(.lock()));
    let said = quote!(#(#permanent)* #(#lifetime)* #(#renew)* #(#clear)* #(#read_only)* #(#lock)*);
    (!said.is_empty()).then(|| quote!(#OPTIONS::new() #said))
}

/// What the gate reads, with its types: the handler asks for the same ones.
fn bind_all(contract: &Contract) -> Option<TokenStream> {
    if contract.bindings.is_empty() {
        return None;
    }
    let session = session_ident();
    let types = held_types(&contract.bindings);
    let values = held_values(&contract.bindings);
    Some(quote! {
        fn bind(#session: &#SESSION) -> ::core::result::Result<#VALUES, #REFUSAL> {
            #HOLD::<#types>(#values)
        }
    })
}

/// The types of what the gate holds.
pub(super) fn held_types(bindings: &[Binding]) -> TokenStream {
    nested(bindings, &|binding| held_type(binding), &|rest| {
        held_types(rest)
    })
}

fn held_values(bindings: &[Binding]) -> TokenStream {
    nested(bindings, &bind, &|rest| {
        let (types, values) = (held_types(rest), held_values(rest));
        quote!(#ALL::<#types>(#values))
    })
}

/// A tuple. The runtime knows those of a few, so that of many the last is a tuple again.
pub(super) fn nested<T>(
    items: &[T],
    each: &dyn Fn(&T) -> TokenStream,
    many: &dyn Fn(&[T]) -> TokenStream,
) -> TokenStream {
    const MOST: usize = 8;
    let (items, rest) = if items.len() > MOST {
        items.split_at(MOST - 1)
    } else {
        items.split_at(items.len())
    };
    let rest = (!rest.is_empty()).then(|| many(rest));
    let items = items.iter().map(each).chain(rest);
    quote!((#(#items,)*))
}

fn held_type(binding: &Binding) -> TokenStream {
    let declared = &binding.declared;
    match binding.access {
        Access::Update => quote!(#UPDATE<#declared>),
        Access::Take => quote!(#TAKE<#declared>),
        Access::Read | Access::Write => quote!(#declared),
    }
}

/// The typed call that makes a binding. It stands at the value's type, so that a type which no session can hold is
/// said there, and a key of another type at the key.
fn bind(binding: &Binding) -> TokenStream {
    let Binding {
        access,
        shape,
        key,
        value,
        default,
        ..
    } = binding;
    let defaulted = !default.is_empty();
    let function = match (access, shape) {
        (Access::Read, Shape::Option) => paths::READ_OPTION,
        (Access::Read, Shape::Result) => paths::READ_RESULT,
        (Access::Read, _) if defaulted => paths::READ_DEFAULT,
        (Access::Read, _) => paths::READ,
        (Access::Update, Shape::Option) => paths::UPDATE_OPTION,
        (Access::Update, _) if defaulted => paths::UPDATE_DEFAULT,
        (Access::Update, _) => paths::UPDATE_PLAIN,
        (Access::Take, Shape::Option) => paths::TAKE_OPTION,
        (Access::Take, _) if defaulted => paths::TAKE_DEFAULT,
        (Access::Take, _) => paths::TAKE_PLAIN,
        (Access::Write, _) => paths::SLOT,
    };
    let span = value.span().resolved_at(Span::mixed_site());
    let function = function.at(span);
    let session = session_ident();
    let key = match key {
        Key::Literal(literal) => quote!(#KEY::new(#literal)),
        Key::Constant(path) => quote!(#path),
    };
    let default = defaulted.then(|| quote!(, #default));
    quote_spanned!(span=> #function::<#value>(#session, #key #default))
}

fn session_ident() -> Ident {
    Ident::new("session", Span::mixed_site())
}
