//! What a session knows of a login that is remembered beyond it: the tokens that the visitor brought, and what is to become
//! of them.

use super::Session;
use super::state::State;
use crate::session::recall::{RememberOrder, Remembered};
use crate::session::{Result, Text};

impl Session {
    /// Whose login is remembered, unless this request has it forgotten.
    pub(crate) fn remembered(&self) -> Option<Remembered> {
        let state = self.look();
        if state.flags.remember == Some(RememberOrder::Clear) {
            return None;
        }
        let recall = self.shared.settings.recall.as_ref()?;
        let tokens = &state.rare.as_ref()?.remember_tokens;
        tokens.iter().find_map(|token| recall.recall(token))
    }

    /// Says what becomes of it when the request ends. The last word counts.
    pub(crate) fn order_remember(&self, order: RememberOrder) -> Result<()> {
        self.changeable()?.flags.remember = Some(order);
        Ok(())
    }

    /// Notes which browser the request comes from, as Flask-Login does.
    pub(crate) fn note_identifier(&self, identifier: &str) {
        self.lock().rare().identifier = Some(Text::from(format!("\"{identifier}\"")));
    }

    /// Which browser the request comes from.
    pub(crate) fn identifier(&self) -> Option<Text> {
        self.lock().rare.as_ref()?.identifier.clone()
    }
}

impl State {
    /// Whether the visitor brought anything of the kind.
    pub(super) fn has_remember_token(&self) -> bool {
        let rare = self.rare.as_ref();
        rare.is_some_and(|rare| !rare.remember_tokens.is_empty())
    }
}
