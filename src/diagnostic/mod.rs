//! Diagnostics: what is said to the user, where, and with which code.
