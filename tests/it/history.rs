//! The history as its users meet it: through the program, its files and SQL.

mod commands;
mod export;
mod failure;
mod lost;
mod many;
mod merge;
mod older;
mod queries;
mod said;
mod scene;
