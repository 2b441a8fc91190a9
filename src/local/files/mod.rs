//! Files for their owner only, and input from files alone.

mod input;
mod output;
mod owner;

pub use input::{input, is_there, own, read, read_from};
pub use output::{Output, create, folder, folder_for_files, keep, unfinished, write};
pub use owner::{is_free_for_all, is_open_to_others, narrowed, owner_only};
