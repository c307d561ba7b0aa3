//! Every path that generated code may name, and nothing else: the runtime keeps these stable for the macros.

use std::cell::RefCell;

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Path;
use syn::parse::{Parse, ParseStream};

use crate::writer::{Write, Writer};

/// Where the runtime is found: `::session_runtime`, unless a `crate = path` says otherwise.
#[derive(Clone, Default)]
pub(crate) struct Root(Option<Path>);

thread_local! {
    /// One expansion has one root, and every part of it names paths. It is set around the whole of it, by [`Root::within`].
    static ROOT: RefCell<Root> = RefCell::default();
}

/// A path below the root.
#[derive(Clone, Copy)]
pub(crate) struct Runtime(&'static [&'static str]);

pub(crate) const GATE: Runtime = Runtime(&["Gate"]);
pub(crate) const MARKER: Runtime = Runtime(&["__private", MARKER_NAME]);
pub(crate) const GUARD: Runtime = Runtime(&["Guard"]);
pub(crate) const LOGIN_REQUIRED: Runtime = Runtime(&["LoginRequired"]);
pub(crate) const ROUTES: Runtime = Runtime(&["Routes"]);
pub(crate) const SESSION_ERROR: Runtime = Runtime(&["SessionError"]);
pub(crate) const SLOT: Runtime = Runtime(&["Slot"]);

pub(crate) const PRIVATE: Runtime = Runtime(&["__private"]);
pub(crate) const ADMISSION: Runtime = Runtime(&["__private", "Admission"]);
pub(crate) const CHECK_KEY: Runtime = Runtime(&["__private", "check_key"]);
pub(crate) const DECLARE: Runtime = Runtime(&["__private", "declare"]);
pub(crate) const INFO: Runtime = Runtime(&["__private", "Info"]);
pub(crate) const KEY_TYPES: Runtime = Runtime(&["__private", "KeyTypes"]);
pub(crate) const OTHERWISE: Runtime = Runtime(&["__private", "Otherwise"]);
pub(crate) const OWN_GUARDS: Runtime = Runtime(&["__private", "OwnGuards"]);
pub(crate) const READ_ONLY: Runtime = Runtime(&["__private", "ReadOnly"]);
pub(crate) const READS_BODY: Runtime = Runtime(&["__private", "Reads"]);
pub(crate) const READS_NO_BODY: Runtime = Runtime(&["__private", "ReadsNoBody"]);
pub(crate) const RESPONSE: Runtime = Runtime(&["__private", "Response"]);
pub(crate) const UPDATE: Runtime = Runtime(&["__private", "Update"]);

pub(crate) const CHECK_URL: Runtime = Runtime(&["__private", "check_url"]);
pub(crate) const DISPLAY: Runtime = Runtime(&["__private", "display"]);
pub(crate) const URL_FOR: Runtime = Runtime(&["__private", "url_for"]);

/// The last segment of [`MARKER`], by which it is found again.
pub(crate) const MARKER_NAME: &str = "__contract";

/// Expands the input of a macro that the runtime calls with its own path in parentheses, `($crate) a, b`.
pub(crate) fn below_root(
    input: TokenStream,
    expand: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let mut tokens = input.into_iter();
    let root = tokens.next().and_then(|token| match token {
        TokenTree::Group(group) => syn::parse2::<Root>(group.stream()).ok(),
        _ => None,
    });
    let root = root.unwrap_or_default();
    root.within(|| expand(tokens.collect()))
}

impl Root {
    pub(crate) fn new(path: Path) -> Self {
        Self(Some(path))
    }

    /// The root of the expansion at work.
    pub(crate) fn current() -> Self {
        ROOT.with_borrow(Self::clone)
    }

    /// Expands something whose paths begin here.
    pub(crate) fn within<T>(self, expand: impl FnOnce() -> T) -> T {
        let before = ROOT.replace(self);
        let out = expand();
        ROOT.set(before);
        out
    }

    fn at(&self, span: Span) -> TokenStream {
        let Some(path) = &self.0 else {
            return quote_spanned!(span=> ::session_runtime);
        };
        let mut path = path.clone();
        for segment in &mut path.segments {
            // Resolved where it was written: `$crate` means another crate elsewhere.
            let resolved = span.resolved_at(segment.ident.span());
            segment.ident.set_span(resolved);
        }
        path.into_token_stream()
    }
}

/// A place, with names resolved as those of the root: what is said there is said of the macro that the user called.
pub(crate) fn resolved_as_root(span: Span) -> Span {
    let root = Root::current()
        .0
        .and_then(|path| path.segments.into_iter().next());
    span.resolved_at(root.map_or_else(Span::mixed_site, |first| first.ident.span()))
}

impl Parse for Root {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = (!input.is_empty()).then(|| input.call(Path::parse_mod_style));
        Ok(Self(path.transpose()?))
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

impl Runtime {
    /// The path, with errors about it pointing at `span`; names are still resolved in the macro's own scope.
    pub(crate) fn at(self, span: Span) -> TokenStream {
        self.written_at(span.resolved_at(Span::mixed_site()))
    }

    fn written_at(self, span: Span) -> TokenStream {
        let mut out = Writer::new();
        self.write_at(span, &mut out);
        out.into_stream()
    }

    /// Token by token: generated code is full of paths, and a stream for each of them is most of what writing it costs.
    fn write_at(self, span: Span, out: &mut Writer) {
        ROOT.with_borrow(|root| match &root.0 {
            None => write_segment("session_runtime", span, out),
            Some(_) => out.extend(root.at(span)),
        });
        for segment in self.0 {
            write_segment(segment, span, out);
        }
    }
}

impl Write for Runtime {
    fn write(self, out: &mut Writer) {
        self.write_at(Span::mixed_site(), out);
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.written_at(Span::mixed_site()));
    }
}

/// `::segment`
fn write_segment(segment: &str, span: Span, out: &mut Writer) {
    for spacing in [Spacing::Joint, Spacing::Alone] {
        let mut colon = Punct::new(':', spacing);
        colon.set_span(span);
        out.push(colon);
    }
    out.push(Ident::new(segment, span));
}
