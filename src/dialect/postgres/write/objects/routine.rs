//! Functions and procedures.

use super::or_replace;
use crate::catalog::routine::{
    Argument, ArgumentMode, Body, Leakproof, NullInput, Parallel, Returns, Routine, RoutineKind, Security, Volatility,
};
use crate::dialect::postgres::action::Create;
use crate::dialect::postgres::write::data_type::data_types;
use crate::dialect::postgres::write::quote::{dollar_quote, literal};
use crate::dialect::postgres::write::{data_type, ident, qualified, template};

/// `CREATE FUNCTION` and `CREATE PROCEDURE`, every attribute that is not the default on a line.
pub fn create(create: &Create, routine: &Routine) -> String {
    let kind = match routine.kind {
        RoutineKind::Function | RoutineKind::WindowFunction => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    };
    let name = create.id.qualified_name().map(qualified).unwrap_or_default();
    let arguments: Vec<String> = routine
        .arguments
        .iter()
        .map(|argument| self::argument(argument, routine.kind))
        .collect();
    let mut text = format!(
        "CREATE {}{kind} {name}({})",
        or_replace(create.mode),
        arguments.join(", ")
    );
    if let Some(returns) = returned(routine) {
        text.push_str(&format!(" RETURNS {returns}"));
    }
    text.push_str(&format!("\n    LANGUAGE {}", ident(&routine.language)));
    for line in attributes(routine) {
        text.push_str(&format!("\n    {line}"));
    }
    text.push_str(&body(&routine.body));
    text
}

/// IMMUTABLE, STABLE or VOLATILE.
pub fn volatility(volatility: Volatility) -> &'static str {
    match volatility {
        Volatility::Volatile => "VOLATILE",
        Volatility::Stable => "STABLE",
        Volatility::Immutable => "IMMUTABLE",
    }
}

/// CALLED ON NULL INPUT or STRICT.
pub fn null_input(null_input: NullInput) -> &'static str {
    match null_input {
        NullInput::Called => "CALLED ON NULL INPUT",
        NullInput::Strict => "STRICT",
    }
}

/// SECURITY INVOKER or DEFINER.
pub fn security(security: Security) -> &'static str {
    match security {
        Security::Invoker => "SECURITY INVOKER",
        Security::Definer => "SECURITY DEFINER",
    }
}

/// LEAKPROOF or NOT LEAKPROOF.
pub fn leakproof(leakproof: Leakproof) -> &'static str {
    match leakproof {
        Leakproof::NotLeakproof => "NOT LEAKPROOF",
        Leakproof::Leakproof => "LEAKPROOF",
    }
}

/// PARALLEL UNSAFE, RESTRICTED or SAFE.
pub fn parallel(parallel: Parallel) -> &'static str {
    match parallel {
        Parallel::Unsafe => "PARALLEL UNSAFE",
        Parallel::Restricted => "PARALLEL RESTRICTED",
        Parallel::Safe => "PARALLEL SAFE",
    }
}

/// A setting's name; one of an extension keeps its dot.
pub fn setting_name(name: &str) -> String {
    name.split('.')
        .map(crate::dialect::postgres::write::quote::word)
        .collect::<Vec<_>>()
        .join(".")
}

/// What is returned: what the OUT arguments say by themselves is written as well, as the server does.
fn returned(routine: &Routine) -> Option<String> {
    if let Some(returns) = &routine.returns {
        return Some(self::returns(returns));
    }
    if routine.kind == RoutineKind::Procedure {
        return None;
    }
    let outputs: Vec<&Argument> = routine
        .arguments
        .iter()
        .filter(|argument| matches!(argument.mode, ArgumentMode::Out | ArgumentMode::InOut))
        .collect();
    match outputs.as_slice() {
        [] => None,
        [only] => Some(data_type(&only.data_type)),
        _ => Some("record".to_owned()),
    }
}

fn argument(argument: &Argument, kind: RoutineKind) -> String {
    let mut words = Vec::new();
    match argument.mode {
        ArgumentMode::In if kind == RoutineKind::Procedure => words.push("IN".to_owned()),
        ArgumentMode::In => {}
        ArgumentMode::Out => words.push("OUT".to_owned()),
        ArgumentMode::InOut => words.push("INOUT".to_owned()),
        ArgumentMode::Variadic => words.push("VARIADIC".to_owned()),
    }
    words.extend(argument.name.as_ref().map(ident));
    words.push(data_type(&argument.data_type));
    if let Some(default) = &argument.default {
        words.push(format!("DEFAULT {}", template(default)));
    }
    words.join(" ")
}

fn returns(returns: &Returns) -> String {
    match returns {
        Returns::Value(value) => data_type(value),
        Returns::SetOf(value) => format!("SETOF {}", data_type(value)),
        Returns::Table(columns) => {
            let columns: Vec<String> = columns
                .iter()
                .map(|(name, value)| format!("{} {}", ident(name), data_type(value)))
                .collect();
            format!("TABLE({})", columns.join(", "))
        }
    }
}

fn attributes(routine: &Routine) -> Vec<String> {
    let mut lines = Vec::new();
    if !routine.transforms.is_empty() {
        let types: Vec<String> = routine
            .transforms
            .iter()
            .map(|wanted| format!("FOR TYPE {}", data_types([wanted])))
            .collect();
        lines.push(format!("TRANSFORM {}", types.join(", ")));
    }
    let mut words = Vec::new();
    if routine.kind == RoutineKind::WindowFunction {
        words.push("WINDOW");
    }
    if routine.volatility != Volatility::Volatile {
        words.push(volatility(routine.volatility));
    }
    if routine.parallel != Parallel::Unsafe {
        words.push(parallel(routine.parallel));
    }
    if routine.null_input != NullInput::Called {
        words.push(null_input(routine.null_input));
    }
    if routine.security != Security::Invoker {
        words.push(security(routine.security));
    }
    if routine.leakproof != Leakproof::NotLeakproof {
        words.push(leakproof(routine.leakproof));
    }
    if !words.is_empty() {
        lines.push(words.join(" "));
    }
    lines.extend(routine.cost.as_ref().map(|cost| format!("COST {cost}")));
    lines.extend(routine.rows.as_ref().map(|rows| format!("ROWS {rows}")));
    lines.extend(
        routine
            .support
            .as_ref()
            .map(|support| format!("SUPPORT {}", template(support))),
    );
    for (name, value) in &routine.settings {
        lines.push(format!("SET {} TO {value}", setting_name(name)));
    }
    lines
}

fn body(body: &Body) -> String {
    match body {
        Body::Text(text) => format!("\n    AS {}", dollar_quote(text)),
        Body::Library(file, Some(symbol)) => format!("\n    AS {}, {}", literal(file), literal(symbol)),
        Body::Library(file, None) => format!("\n    AS {}", literal(file)),
        Body::Sql(body) => format!("\n{}", template(body)),
    }
}
