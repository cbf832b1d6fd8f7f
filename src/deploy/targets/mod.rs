//! The kinds of targets.
