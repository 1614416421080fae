//! Row X-4: clients that others wrote (automerge-repo in Node, samod) work with our server as
//! they are: they find, edit and converge, hear presence, and are refused what is not theirs.

mod convergence;
mod edits;
mod moves;
mod newcomers;
mod readers;
mod returning;
mod strangers;
