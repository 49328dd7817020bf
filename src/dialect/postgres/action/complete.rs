//! What follows a CREATE: what the statement itself cannot say.
