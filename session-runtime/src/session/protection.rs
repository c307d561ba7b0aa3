//! What a session does when it comes from another browser than the one that logged in.

/// Flask-Login's `SESSION_PROTECTION`: what becomes of a login whose session comes from another browser or address than it
/// was made with. It is judged where the user is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionProtection {
    /// The login is not fresh any more. It is Flask-Login's default.
    #[default]
    Basic,
    /// The login ends, and what remembers it is deleted. A permanent session is treated as under
    /// [`Basic`](Self::Basic), as Flask-Login does.
    Strong,
    /// Nothing (Flask: `None`).
    Off,
}
