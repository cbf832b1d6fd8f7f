//! Small sites → the views of their entries.
