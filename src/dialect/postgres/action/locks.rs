//! What an action locks.
