//! Our stores do what every store must do.

mod stores {
    mod memory;
}
