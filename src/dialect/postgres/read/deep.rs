//! The stack that reading a text takes.
//!
//! The parser hands its tree over in a form that is decoded recursively, and the tree is read and let go recursively too.
//! Real views hold chains of several hundred operators or UNIONs, each of them two or three levels, so that there is no
//! low limit on depth. The parser gives none that is deeper than 10,000 levels (`PG_QUERY_PROTOBUF_MAX_DEPTH`).

use std::cell::Cell;
use std::panic::resume_unwind;
use std::thread;

/// The stack that texts are read on: some 50 KB for each level. Only the pages that are used are taken from the system.
const STACK_BYTES: usize = 512 * 1024 * 1024;

thread_local! {
    /// Whether this thread has such a stack.
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Does some work on a stack on which the tree of any text can be walked.
///
/// Work that reads several times does it all on one such stack: what one thread lets go of, the allocator does not give to
/// another one.
pub fn on_deep_stack<T: Send>(mut work: impl FnMut() -> T + Send) -> T {
    if IS_DEEP.get() {
        return work();
    }
    let here = || {
        IS_DEEP.set(true);
        work()
    };
    let done = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, here).map(thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => Some(done),
            Ok(Err(panic)) => resume_unwind(panic),
            // No thread could be made: the stack that there is has to do.
            Err(_) => None,
        }
    });
    done.unwrap_or_else(work)
}
