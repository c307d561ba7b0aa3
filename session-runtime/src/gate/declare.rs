//! What stands beside each annotated handler, in one piece: the type of its name, and the contract that this carries.
//!
//! The attributes say what differs from one handler to the next. That the rest is written here and not there is for the
//! compiler, which runs attributes as they were compiled without optimisation, and this by itself.

/// Declares a handler. Written by the route attributes, never by hand.
///
/// For each key stands the function that declares its use, the type it reads, and its name; then, where there are some, behind `=` the
/// borrowed [`Key`](crate::Key) constant that the parameter names instead, and behind `:` the type that is kept where that is not what is read.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    // Token trees, where other fragments would do: their errors stand at what was matched, and not at the user's own token.
    (
        [$($cfgs:tt)*] [$($vis:tt)*] $name:tt $begin:tt [$($line:tt)*] $routes:tt [$($front:tt)*] $arity:ident
        $(guards [$($guard:ident $told:tt)*])?
        $(keys [$($way:ident [$($value:tt)*] $key:tt $(= [$($constant:tt)*])? $(: [$($kept:tt)*])?)*])?
        $(options [$($options:tt)*])?
    ) => {
        $($cfgs)*
        #[doc(hidden)]
        #[allow(
            non_camel_case_types, dead_code, missing_docs, unreachable_pub, missing_copy_implementations,
            missing_debug_implementations, clippy::exhaustive_structs,
        )]
        $($vis)* struct $name {}

        $($cfgs)*
        #[automatically_derived]
        impl $crate::__private::Contract for $name {
            const TEXT: &'static str = ::core::concat!(
                $begin, ::core::module_path!(), "\0", ::core::file!(), "\0", $($line)*, $routes
            );
            $(const GUARDS: &'static [$crate::__private::GuardInfo] = &[$($crate::__private::GuardInfo::$guard $told),*];)?
            $(const KEYS: &'static [$crate::KeyUse] = &[
                $($crate::__private::$way::<$($value)*>$key $(.of($($constant)*))? $(.keeps::<$($kept)*>())?),*
            ];)?
            $(const OPTIONS: $crate::__private::Options = $crate::__private::Options::new()$($options)*;)?
            type Front = ($crate::__private::$($front)*, $crate::__private::$arity);
        }
    };
}
