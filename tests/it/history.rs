//! The history as its users meet it: through the program, its files and SQL.

mod commands;
mod failure;
mod many;
mod scene;
