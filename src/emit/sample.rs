//! A small plan with one of everything, for the tests of this module: not what lowering makes, but shaped like it.

use super::{Input, plan_json};
use crate::catalog::{ObjectId, QualifiedName};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{
    Company, Effect, Ladder, Lock, LockMode, Phase, Plan, Reversal, Rung, State, Statement, Transaction, order,
    schedule,
};

/// The plan with what it was made of.
pub(super) struct Sample {
    plan: Plan,
    ladders: Vec<Ladder>,
    hazards: Vec<Diagnostic>,
    options: plan_json::Options,
}

impl Sample {
    pub(super) fn new() -> Sample {
        let ladders = vec![organisation(), index(), old_name()];
        let plan = schedule(&order(&ladders).unwrap());
        let hazards = vec![Diagnostic::warning(
            Code::DropColumn,
            "column name of app.users is dropped",
        )];
        Sample {
            plan,
            ladders,
            hazards,
            options: plan_json::Options {
                allow: vec!["drop-column".to_owned()],
                ..plan_json::Options::default()
            },
        }
    }

    pub(super) fn input(&self) -> Input<'_> {
        Input {
            plan: &self.plan,
            ladders: &self.ladders,
            name: "add_org",
            first_number: 7,
            version: 16,
            hazards: &self.hazards,
            options: &self.options,
        }
    }
}

/// A NOT NULL column that is filled by a backfill.
fn organisation() -> Ladder {
    let column = column("org_id");
    let rungs = vec![
        rung(State::Present, Phase::Expand, Company::Catalog)
            .up(Statement {
                provides: vec![column.clone()],
                ..locking(
                    "ALTER TABLE app.users ADD COLUMN org_id uuid",
                    "Add the column; nullable, so that rows of the old application still go in.",
                    LockMode::AccessExclusive,
                )
            })
            .down(locking(
                "ALTER TABLE app.users DROP COLUMN org_id",
                "Drop the column.",
                LockMode::AccessExclusive,
            ))
            .undone(Reversal::LosesData("values of app.users.org_id".to_owned())),
        rung(State::Backfilled, Phase::Backfill, Company::Alone)
            .up(Statement {
                requires: vec![column.clone()],
                effect: Effect::Data,
                transaction: Transaction::Alone,
                ..locking(
                    "DO $$ BEGIN UPDATE app.users SET org_id = org(id) WHERE org_id IS NULL; COMMIT; END $$",
                    "Fill org_id of the rows that are there.",
                    LockMode::RowExclusive,
                )
            })
            .verify(Statement {
                effect: Effect::Check,
                ..scanning(
                    "DO $$ BEGIN IF EXISTS (SELECT FROM app.users WHERE org_id IS NULL) THEN RAISE 'rows without org_id'; END IF; END $$",
                    "Every row has an org_id.",
                    LockMode::AccessShare,
                )
            }),
        rung(State::Validated, Phase::Enforce, Company::Scan)
            .up(scanning(
                "ALTER TABLE app.users VALIDATE CONSTRAINT org_id_nn",
                "Read all rows once, under a lock that lets reads and writes go on.",
                LockMode::ShareUpdateExclusive,
            )),
    ];
    let why = "NOT NULL at once would make every INSERT of the old application fail.";
    ladder(column, "column org_id of app.users is added, NOT NULL", why, rungs)
}

fn index() -> Ladder {
    let id = ObjectId::Relation(QualifiedName::new("app", "users_org_id_idx"));
    let alone = |sql, comment| Statement {
        transaction: Transaction::Alone,
        ..scanning(sql, comment, LockMode::ShareUpdateExclusive)
    };
    let made = Statement {
        provides: vec![id.clone()],
        requires: vec![column("org_id")],
        ..alone(
            "CREATE INDEX CONCURRENTLY users_org_id_idx ON app.users (org_id)",
            "Build the index while writes go on.",
        )
    };
    let dropped = alone("DROP INDEX CONCURRENTLY app.users_org_id_idx", "Drop the index.");
    let rungs = vec![
        rung(State::Present, Phase::Expand, Company::Alone)
            .up(made)
            .down(dropped),
    ];
    ladder(id, "index app.users_org_id_idx is created", "", rungs)
}

fn old_name() -> Ladder {
    let dropped = Statement {
        removes: vec![column("name")],
        ..locking(
            "ALTER TABLE app.users DROP COLUMN name",
            "Drop the column.",
            LockMode::AccessExclusive,
        )
    };
    let raised = Statement {
        effect: Effect::Check,
        locks: Vec::new(),
        ..locking(
            "DO $$ BEGIN RAISE EXCEPTION 'the values of app.users.name are gone'; END $$",
            "Say that this cannot be undone.",
            LockMode::AccessShare,
        )
    };
    let rungs = vec![
        rung(State::Absent, Phase::Contract, Company::Catalog)
            .up(dropped)
            .down(raised)
            .undone(Reversal::Irreversible(
                "the values of app.users.name are gone".to_owned(),
            )),
    ];
    ladder(column("name"), "column name of app.users is dropped", "", rungs)
}

fn column(name: &str) -> ObjectId {
    ObjectId::Column(QualifiedName::new("app", "users"), name.into())
}

fn ladder(object: ObjectId, title: &str, why: &str, rungs: Vec<Build>) -> Ladder {
    Ladder::new(object, title, why, rungs.into_iter().map(|build| build.0).collect()).unwrap()
}

fn locking(sql: &str, comment: &str, mode: LockMode) -> Statement {
    Statement {
        sql: sql.to_owned(),
        comment: comment.to_owned(),
        provides: Vec::new(),
        removes: Vec::new(),
        requires: Vec::new(),
        releases: Vec::new(),
        mentions: Vec::new(),
        claims: Vec::new(),
        effect: Effect::Schema,
        transaction: Transaction::Inside,
        locks: vec![Lock {
            relation: "app.users".to_owned(),
            mode,
            scans: false,
            rewrites: false,
        }],
        locks_on_made: Vec::new(),
    }
}

fn scanning(sql: &str, comment: &str, mode: LockMode) -> Statement {
    let mut statement = locking(sql, comment, mode);
    statement.locks.iter_mut().for_each(|lock| lock.scans = true);
    statement
}

/// A rung that is being written down.
struct Build(Rung);

fn rung(state: State, phase: Phase, company: Company) -> Build {
    Build(Rung {
        state,
        phase,
        up: Vec::new(),
        down: Vec::new(),
        verify: Vec::new(),
        reversal: Reversal::Exact,
        company,
    })
}

impl Build {
    fn up(mut self, statement: Statement) -> Build {
        self.0.up.push(statement);
        self
    }

    fn down(mut self, statement: Statement) -> Build {
        self.0.down.push(statement);
        self
    }

    fn verify(mut self, statement: Statement) -> Build {
        self.0.verify.push(statement);
        self
    }

    fn undone(mut self, reversal: Reversal) -> Build {
        self.0.reversal = reversal;
        self
    }
}
