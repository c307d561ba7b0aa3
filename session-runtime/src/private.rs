//! What generated code names.
