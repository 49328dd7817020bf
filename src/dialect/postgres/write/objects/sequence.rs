//! Sequences and their options.

use super::if_not_exists;
use crate::catalog::sequence::{Cycle, Sequence, SequenceOptions};
use crate::catalog::table::Persistence;
use crate::dialect::postgres::action::{Create, SequenceForm};
use crate::dialect::postgres::write::{data_type, identity};

/// `CREATE SEQUENCE`; OWNED BY is a statement of its own, because the column may come later.
pub fn create(create: &Create, sequence: &Sequence) -> String {
    let unlogged = match sequence.persistence {
        Persistence::Logged => "",
        Persistence::Unlogged => "UNLOGGED ",
    };
    let mut text = format!(
        "CREATE {unlogged}SEQUENCE {}{}",
        if_not_exists(create.guard),
        identity(&create.id)
    );
    if !sequence.options.data_type.is_system("int8") {
        text.push_str(&format!(" AS {}", data_type(&sequence.options.data_type)));
    }
    for option in deviations(&sequence.options) {
        text.push_str(&format!(" {option}"));
    }
    text
}

/// The options, the type aside, that are not what the server would choose (`init_params` in `sequence.c`).
pub fn deviations(options: &SequenceOptions) -> Vec<String> {
    let standard = standard(options);
    let mut found = Vec::new();
    if options.increment != 1 {
        found.push(SequenceForm::Increment(options.increment));
    }
    if options.minimum != standard.minimum {
        found.push(SequenceForm::Minimum(options.minimum));
    }
    if options.maximum != standard.maximum {
        found.push(SequenceForm::Maximum(options.maximum));
    }
    let first = if options.increment > 0 {
        options.minimum
    } else {
        options.maximum
    };
    if options.start != first {
        found.push(SequenceForm::Start(options.start));
    }
    if options.cache != 1 {
        found.push(SequenceForm::Cache(options.cache));
    }
    if options.cycle != Cycle::NoCycle {
        found.push(SequenceForm::Cycle(options.cycle));
    }
    found.iter().map(form).collect()
}

/// One option as it stands in CREATE and ALTER SEQUENCE.
pub fn form(form: &SequenceForm) -> String {
    match form {
        SequenceForm::DataType(wanted) => format!("AS {}", data_type(wanted)),
        SequenceForm::Increment(value) => format!("INCREMENT BY {value}"),
        SequenceForm::Minimum(value) => format!("MINVALUE {value}"),
        SequenceForm::Maximum(value) => format!("MAXVALUE {value}"),
        SequenceForm::Start(value) => format!("START WITH {value}"),
        SequenceForm::Restart(value) => format!("RESTART WITH {value}"),
        SequenceForm::Cache(value) => format!("CACHE {value}"),
        SequenceForm::Cycle(Cycle::Cycle) => "CYCLE".to_owned(),
        SequenceForm::Cycle(Cycle::NoCycle) => "NO CYCLE".to_owned(),
        SequenceForm::Persistence(Persistence::Logged) => "SET LOGGED".to_owned(),
        SequenceForm::Persistence(Persistence::Unlogged) => "SET UNLOGGED".to_owned(),
    }
}

struct Bounds {
    minimum: i64,
    maximum: i64,
}

fn standard(options: &SequenceOptions) -> Bounds {
    let (least, greatest) = if options.data_type.is_system("int2") {
        (i64::from(i16::MIN), i64::from(i16::MAX))
    } else if options.data_type.is_system("int4") {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    };
    if options.increment > 0 {
        Bounds {
            minimum: 1,
            maximum: greatest,
        }
    } else {
        Bounds {
            minimum: least,
            maximum: -1,
        }
    }
}
