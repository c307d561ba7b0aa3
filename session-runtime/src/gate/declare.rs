//! What stands beside each annotated handler, in one piece: the type of its name, and the contract that this carries.
//!
//! The attributes say what differs from one handler to the next. That the rest is written here and not there is for the
//! compiler, which runs attributes as they were compiled without optimisation, and this by itself.

/// Declares a handler. Written by the route attributes, never by hand.
///
/// A key is the call of the function that declares its use, without the path to it.
#[doc(hidden)]
#[macro_export]
macro_rules! __declare {
    // Token trees, where other fragments would do: their errors stand at what was matched, and not at the user's own token.
    (
        [$($cfgs:tt)*] [$($vis:tt)*] $name:tt $begin:tt [$($line:tt)*] $routes:tt [$($front:tt)*] $arity:ident
        $(guards [$($guard:ident $told:tt)*])?
        $(key [$($key:tt)*])?
        $(keys $several:ident $([$($each:tt)*])*)?
        $(options [$($options:tt)*])?
    ) => {
        $($cfgs)*
        #[doc(hidden)]
        #[non_exhaustive]
        // About the name, which stands where the user's does; of the rest, which stands here, no lint speaks.
        #[allow(non_camel_case_types, dead_code)]
        $($vis)* struct $name {}

        $($cfgs)*
        impl $crate::__private::Contract for $name {
            const TEXT: &'static str = ::core::concat!(
                $begin, ::core::module_path!(), "\0", ::core::file!(), "\0", $($line)*, $routes
            );
            $(const GUARDS: &'static [$crate::__private::GuardInfo] = &[$($crate::__private::GuardInfo::$guard $told),*];)?
            $(const KEYS: $crate::__private::Keys = $crate::__private::Keys::One($crate::__private::$($key)*);)?
            $(const KEYS: $crate::__private::Keys = $crate::__private::Keys::$several(&[$($crate::__private::$($each)*),*]);)?
            $(const OPTIONS: $crate::__private::Options = $crate::__private::Options::new()$($options)*;)?
            type Front = ($crate::__private::$($front)*, $crate::__private::$arity);
        }
    };
}
