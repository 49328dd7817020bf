//! Inputs, spans, line and column.
