//! Pairs of texts and the statements that lead from one to the other.

use crate::dialect::postgres::lower::{LowerOptions, lower, renamed};
use crate::dialect::postgres::read::{ReadOptions, Unmodelled, bind, read_pair};
use crate::diagnostic::has_errors;
use crate::diff::{Comparison, diff};
use crate::pair::Pair;
use crate::plan::{order, schedule};
use crate::source::Sources;
use expect_test::{Expect, expect};
use std::collections::HashSet;
