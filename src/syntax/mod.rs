//! Text to statements, comments and directives.
