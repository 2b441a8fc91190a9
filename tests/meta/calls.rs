//! What the code of a function asks of AWS: found by reading the sources, from the function's beginning on.
//!
//! Nothing is compiled for this. The words of each `fn` are read, who calls whom is told by names and by the types of what
//! is called upon, as far as declarations tell them; where they do not, everything of that name counts. So a call too many
//! may be found, which nothing but another name or a clearer type takes away, but hardly one too few.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A type by the room in which it is declared.
type Type = (String, String);
type Types = BTreeSet<Type>;

/// A `fn` of the deployed code.
pub struct Function {
    pub room: String,
    path: String,
    owner: Option<Type>,
    pub name: String,
    pub signature: Vec<String>,
    pub body: Vec<String>,
}

/// The deployed code.
pub struct Code {
    /// Each room with the rooms that it names as dependencies.
    rooms: BTreeMap<String, BTreeSet<String>>,
    pub functions: Vec<Function>,
    types: Types,
    /// The names of modules, by which a path is known to be ours.
    modules: BTreeSet<String>,
    /// Fields by room and name, with the types in theirs.
    fields: HashMap<(String, String), Types>,
    declared: Vec<(String, String, Vec<String>)>,
    methods: HashMap<(Type, String), Vec<usize>>,
    methods_by_name: HashMap<String, Vec<usize>>,
    free: HashMap<String, Vec<usize>>,
    /// Who is called by whom, as far as it was asked.
    followed: RefCell<HashMap<usize, BTreeSet<usize>>>,
}

/// The words of a source. Delimiters are words, and so are `::`, `->` and `=>`; lifetimes are left out.
pub fn words(source: &str) -> Vec<String> {
    fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    words.push(open.to_owned());
                    flatten(group.stream(), words);
                    words.push(close.to_owned());
                }
                TokenTree::Punct(mark) => {
                    let next = match tokens.peek() {
                        Some(TokenTree::Punct(next)) if mark.spacing() == Spacing::Joint => Some(next.as_char()),
                        _ => None,
                    };
                    match (mark.as_char(), next) {
                        (':', Some(':')) | ('-' | '=', Some('>')) => {
                            words.push(format!("{}{}", mark.as_char(), next.unwrap()));
                            tokens.next();
                        }
                        ('\'', _) => drop(tokens.next()),
                        (mark, _) => words.push(mark.to_string()),
                    }
                }
                TokenTree::Ident(name) => words.push(name.to_string()),
                TokenTree::Literal(literal) => words.push(literal.to_string()),
            }
        }
    }
    let mut found = Vec::new();
    flatten(TokenStream::from_str(source).unwrap(), &mut found);
    found
}

/// Where the group ends that begins here.
fn end(words: &[String], begin: usize) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate().skip(begin) {
        match word.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    words.len()
}

/// Where the group begins that ends here.
fn begin(words: &[String], end: usize) -> usize {
    let mut depth = 0;
    for at in (0..=end).rev() {
        match words[at].as_str() {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    0
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
}

fn is_type(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
}

/// `a: A, b: B<C, D>` at its commas.
fn parts(words: &[String]) -> Vec<&[String]> {
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" | "[" | "{" | "<" => depth += 1,
            ")" | "]" | "}" | ">" => depth -= 1,
            "," if depth == 0 => {
                found.push(&words[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(&words[from..]);
    found
}

/// A name with what is declared of it: `a: A`.
fn declaration(part: &[String]) -> Option<(&[String], &[String])> {
    let colon = part.iter().position(|word| word == ":")?;
    Some((&part[..colon], &part[colon + 1..]))
}

impl Code {
    /// Reads the sources of these rooms, by their paths from the root.
    pub fn read(rooms: BTreeMap<String, BTreeSet<String>>, sources: &BTreeMap<String, String>) -> Self {
        let mut code = Self {
            rooms,
            functions: Vec::new(),
            types: Types::new(),
            modules: BTreeSet::new(),
            fields: HashMap::new(),
            declared: Vec::new(),
            methods: HashMap::new(),
            methods_by_name: HashMap::new(),
            free: HashMap::new(),
            followed: RefCell::default(),
        };
        let files: Vec<(String, &String, Vec<String>)> =
            sources.iter().filter_map(|(path, text)| Some((code.room(path)?, path, words(text)))).collect();
        let gated: Vec<String> = files.iter().flat_map(|(_, path, words)| gated_modules(path, words)).collect();
        let mut implementations = Vec::new();
        for (room, path, words) in &files {
            if gated.iter().any(|gated| path.starts_with(gated.as_str())) {
                continue;
            }
            code.modules.extend(path.trim_end_matches(".rs").split('/').skip(2).map(str::to_owned));
            code.items(words, None, room, path, &mut implementations);
        }
        for (room, name, declared) in std::mem::take(&mut code.declared) {
            let types = code.types_in(&declared, &room);
            code.fields.entry((room, name)).or_default().extend(types);
        }
        for (at, owner, of) in implementations {
            let room = code.functions[at].room.clone();
            code.functions[at].owner = code.named(&owner, &room);
            let name = code.functions[at].name.clone();
            let owners = [Some(owner), of].into_iter().flatten().filter_map(|name| code.named(&name, &room));
            for owner in owners.collect::<Types>() {
                code.methods.entry((owner, name.clone())).or_default().push(at);
            }
            code.methods_by_name.entry(name).or_default().push(at);
        }
        for (at, function) in code.functions.iter().enumerate() {
            if function.owner.is_none() {
                code.free.entry(function.name.clone()).or_default().push(at);
            }
        }
        code
    }

    /// The room of a file that is deployed.
    fn room(&self, path: &str) -> Option<String> {
        let room = path.strip_prefix("src/")?.split('/').next()?;
        let is_test = ["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder));
        let is_read = path.ends_with(".rs") && !is_test && self.rooms.contains_key(room);
        // Beside the library of the functions stand only those who begin it.
        let is_read = is_read && (room != "functions" || path.starts_with("src/functions/runtime/"));
        is_read.then(|| room.to_owned())
    }

    /// Reads what is declared here: functions, types and their fields.
    fn items(
        &mut self,
        words: &[String],
        within: Option<(&str, Option<&str>)>,
        room: &str,
        path: &str,
        implementations: &mut Vec<(usize, String, Option<String>)>,
    ) {
        let (mut at, mut is_left_out) = (0, false);
        while at < words.len() {
            match words[at].as_str() {
                "#" => {
                    let open = if words.get(at + 1).is_some_and(|word| word == "!") { at + 2 } else { at + 1 };
                    let close = end(words, open);
                    is_left_out |= is_gate(&words[open..close]);
                    at = close + 1;
                }
                _ if is_left_out => {
                    while at < words.len() && words[at] != "{" && words[at] != ";" {
                        at = if words[at] == "(" || words[at] == "[" { end(words, at) + 1 } else { at + 1 };
                    }
                    at = if words.get(at).is_some_and(|word| word == "{") { end(words, at) + 1 } else { at + 1 };
                    is_left_out = false;
                }
                kind @ ("impl" | "trait") => {
                    let open = at + words[at..].iter().position(|word| word == "{").unwrap_or_default();
                    let head = head(&words[at + 1..open]);
                    let (of, owner) = match head.iter().position(|word| word == "for") {
                        Some(position) => (last_type(&head[..position]), last_type(&head[position + 1..])),
                        None if kind == "trait" => (None, head.iter().find(|word| is_type(word)).cloned()),
                        None => (None, last_type(&head)),
                    };
                    if let (Some(owner), "trait") = (&owner, kind) {
                        self.types.insert((room.to_owned(), owner.clone()));
                    }
                    let close = end(words, open);
                    let within = owner.as_deref().map(|owner| (owner, of.as_deref()));
                    self.items(&words[open + 1..close], within, room, path, implementations);
                    at = close + 1;
                }
                "mod" if words.get(at + 2).is_some_and(|word| word == "{") => {
                    let close = end(words, at + 2);
                    self.items(&words[at + 3..close], within, room, path, implementations);
                    at = close + 1;
                }
                "struct" | "enum" if words.get(at + 1).is_some_and(|word| is_type(word)) => {
                    self.types.insert((room.to_owned(), words[at + 1].clone()));
                    at += 2;
                }
                "fn" if words.get(at + 1).is_some_and(|word| is_name(word)) => {
                    let mut open = at + 2;
                    while words[open] != "{" && words[open] != ";" {
                        open = if words[open] == "(" || words[open] == "[" { end(words, open) + 1 } else { open + 1 };
                    }
                    let close = if words[open] == "{" { end(words, open) } else { open };
                    if let Some((owner, of)) = within {
                        implementations.push((self.functions.len(), owner.to_owned(), of.map(str::to_owned)));
                    }
                    self.functions.push(Function {
                        room: room.to_owned(),
                        path: path.to_owned(),
                        owner: None,
                        name: words[at + 1].clone(),
                        signature: words[at + 2..open].to_vec(),
                        body: words[(open + 1).min(close)..close].to_vec(),
                    });
                    at = close + 1;
                }
                "{" | "(" => {
                    let close = end(words, at);
                    for part in parts(&words[at + 1..close]) {
                        if let Some((names, declared)) = declaration(part)
                            && let Some(name) = names.last()
                        {
                            self.declared.push((room.to_owned(), name.clone(), declared.to_vec()));
                        }
                    }
                    at = close + 1;
                }
                _ => at += 1,
            }
        }
    }

    /// The type of this name, as a room sees it: its own, or that of a room that it uses.
    fn named(&self, name: &str, room: &str) -> Option<Type> {
        let rooms = std::iter::once(room).chain(self.rooms[room].iter().map(String::as_str));
        let mut types = rooms.map(|room| (room.to_owned(), name.to_owned()));
        types.find(|known| self.types.contains(known))
    }

    /// Our types that are named here.
    fn types_in(&self, words: &[String], room: &str) -> Types {
        let mut found = Types::new();
        for (at, word) in words.iter().enumerate().filter(|(_, word)| is_type(word)) {
            let mut root = at;
            while root >= 2 && words[root - 1] == "::" {
                root -= 2;
            }
            let begins = &words[root];
            if root == at || self.is_ours(begins) || is_type(begins) {
                let room = if self.rooms.contains_key(begins) { begins } else { room };
                found.extend(self.named(word, room));
            }
        }
        found
    }

    /// Whether a path that begins like this leads to our code.
    fn is_ours(&self, word: &str) -> bool {
        ["crate", "self", "super"].contains(&word) || self.rooms.contains_key(word) || self.modules.contains(word)
    }

    /// The types that a function gives back.
    fn given(&self, at: usize) -> Types {
        let function = &self.functions[at];
        let Some(arrow) = function.signature.iter().rposition(|word| word == "->") else { return Types::new() };
        let words = &function.signature[arrow + 1..];
        let mut types = self.types_in(words, &function.room);
        if words.iter().any(|word| word == "Self") {
            types.extend(function.owner.clone());
        }
        types
    }

    fn given_by<'f>(&self, functions: impl IntoIterator<Item = &'f usize>) -> Types {
        functions.into_iter().flat_map(|at| self.given(*at)).collect()
    }

    /// Whether a room sees what stands in another.
    fn sees(&self, room: &str, other: &str) -> bool {
        room == other || self.rooms[room].contains(other)
    }

    fn seen<'c>(&'c self, named: &'c HashMap<String, Vec<usize>>, name: &str, room: &'c str) -> Vec<usize> {
        let found = named.get(name).into_iter().flatten().copied();
        found.filter(|at| self.sees(room, &self.functions[*at].room)).collect()
    }

    /// The functions of no type that a name may mean: that of its own file, or of the module that goes before it.
    fn free(&self, name: &str, of: &Function, module: Option<&str>) -> Vec<usize> {
        let all = self.seen(&self.free, name, &of.room);
        let is_meant = |at: &&usize| {
            let path = &self.functions[**at].path;
            match module {
                Some(module) => path.trim_end_matches(".rs").split('/').any(|part| part == module),
                None => *path == of.path,
            }
        };
        let meant: Vec<usize> = all.iter().filter(is_meant).copied().collect();
        if meant.is_empty() { all } else { meant }
    }

    /// Everything that may be reached from these functions, themselves included.
    pub fn reached(&self, from: Vec<usize>) -> Vec<&Function> {
        let (mut seen, mut waiting) = (BTreeSet::new(), from);
        while let Some(at) = waiting.pop() {
            if seen.insert(at) {
                waiting.extend(self.calls(at));
            }
        }
        seen.into_iter().map(|at| &self.functions[at]).collect()
    }

    /// The functions of this name that belong to no type, in the file of this path.
    pub fn begins(&self, path: &str, name: &str) -> Vec<usize> {
        let is_meant = |at: &usize| self.functions[*at].path == path && self.functions[*at].owner.is_none();
        self.free.get(name).into_iter().flatten().copied().filter(is_meant).collect()
    }

    /// The functions of the files whose paths begin like this.
    pub fn below(&self, folder: &str) -> Vec<usize> {
        (0..self.functions.len()).filter(|at| self.functions[*at].path.starts_with(folder)).collect()
    }

    /// The functions of a type.
    pub fn of(&self, owner: &str) -> Vec<&Function> {
        let is_meant = |function: &&Function| function.owner.as_ref().is_some_and(|(_, name)| name == owner);
        self.functions.iter().filter(is_meant).collect()
    }

    fn calls(&self, at: usize) -> BTreeSet<usize> {
        if let Some(known) = self.followed.borrow().get(&at) {
            return known.clone();
        }
        let mut reading = Reading { code: self, function: &self.functions[at], known: HashMap::new() };
        reading.learn_parameters();
        let calls = reading.calls();
        self.followed.borrow_mut().insert(at, calls.clone());
        calls
    }
}

/// A function that is read from its beginning to its end.
struct Reading<'c> {
    code: &'c Code,
    function: &'c Function,
    /// The types of names, where something is known. Empty where it is none of ours.
    known: HashMap<String, Types>,
}

impl Reading<'_> {
    fn learn_parameters(&mut self) {
        for part in parts(parameters(&self.function.signature)) {
            if let Some((names, declared)) = declaration(part) {
                let types = self.code.types_in(declared, &self.function.room);
                self.learn(names, Some(types));
            }
        }
    }

    fn learn(&mut self, pattern: &[String], types: Option<Types>) {
        for name in pattern.iter().filter(|word| is_name(word)) {
            match &types {
                Some(types) => self.known.insert(name.clone(), types.clone()),
                None => self.known.remove(name),
            };
        }
    }

    /// The types of `Q` in `Q::f`.
    fn qualifier(&self, name: &str) -> Types {
        match name {
            "Self" => self.function.owner.iter().cloned().collect(),
            _ => self.code.named(name, &self.function.room).into_iter().collect(),
        }
    }

    fn calls(&mut self) -> BTreeSet<usize> {
        let body = &self.function.body;
        let room = self.function.room.as_str();
        let word = |at: usize| body.get(at).map_or("", String::as_str);
        let mut found = BTreeSet::new();
        for at in 0..body.len() {
            self.bind(at);
            if !is_name(word(at)) {
                continue;
            }
            let (name, before) = (word(at), if at == 0 { "" } else { word(at - 1) });
            match before {
                "::" if is_type(word(at - 2)) => {
                    for of in self.qualifier(word(at - 2)) {
                        found.extend(self.code.methods.get(&(of, name.to_owned())).into_iter().flatten());
                    }
                }
                "::" if self.code.is_ours(word(at - 2)) => {
                    found.extend(self.code.free(name, self.function, Some(word(at - 2))));
                }
                "::" => {}
                "." if ["(", "::"].contains(&word(at + 1)) => match at.checked_sub(2).and_then(|last| self.types(last))
                {
                    Some(types) => {
                        for of in types {
                            found.extend(self.code.methods.get(&(of, name.to_owned())).into_iter().flatten());
                        }
                    }
                    None => {
                        let methods = self.code.seen(&self.code.methods_by_name, name, room);
                        let given = if word(at + 1) == "(" { given_in(&body[at + 2..end(body, at + 1)]) } else { None };
                        let takes = |method: &usize| taken_by(&self.code.functions[*method].signature);
                        found.extend(
                            methods.into_iter().filter(|method| given.is_none_or(|given| given == takes(method))),
                        );
                    }
                },
                "." | "let" | "mut" => {}
                _ if word(at + 1) == "(" => found.extend(self.code.free(name, self.function, None)),
                // Handed on by its name.
                "(" | "," if [",", ")"].contains(&word(at + 1)) && !self.known.contains_key(name) => {
                    found.extend(self.code.free(name, self.function, None));
                }
                _ => {}
            }
        }
        found
    }

    /// Learns the names that are given here: by `let`, by `for`, or as what a closure takes.
    fn bind(&mut self, at: usize) {
        let body = &self.function.body;
        let word = |at: usize| body.get(at).map_or("", String::as_str);
        let until = |from: usize, stops: &[&str]| {
            let mut at = from;
            while at < body.len() && !stops.contains(&body[at].as_str()) {
                at = if ["(", "[", "{"].contains(&body[at].as_str()) { end(body, at) + 1 } else { at + 1 };
            }
            at.min(body.len())
        };
        match word(at) {
            "let" => {
                let equals = until(at + 1, &["=", ";"]);
                if word(equals) != "=" {
                    return;
                }
                let pattern = &body[at + 1..equals];
                if let Some((names, declared)) = declaration(pattern).filter(|_| !pattern.contains(&"{".to_owned())) {
                    let types = self.code.types_in(declared, &self.function.room);
                    self.learn(names, Some(types));
                    return;
                }
                let is_condition = at > 0 && ["if", "while", "&"].contains(&word(at - 1));
                let stops: &[&str] = if is_condition { &[";", "{", "&"] } else { &[";", "else"] };
                let types = self.types(until(equals + 1, stops) - 1);
                self.learn(pattern, types);
            }
            "for" => {
                let of = until(at + 1, &["in", "{"]);
                if word(of) == "in" {
                    let types = self.types(until(of + 1, &["{"]) - 1);
                    self.learn(&body[at + 1..of], types);
                }
            }
            "|" if at > 0 && ["(", ",", "move"].contains(&word(at - 1)) => {
                let close = at + 1 + body[at + 1..].iter().position(|word| word == "|").unwrap_or_default();
                let mut open = at;
                while open > 0 && !["(", "[", "{"].contains(&word(open)) {
                    open = if [")", "]", "}"].contains(&word(open)) { begin(body, open) } else { open };
                    open = open.saturating_sub(1);
                }
                let of = if open >= 3 && word(open - 2) == "." { self.types(open - 3) } else { None };
                for part in parts(&body[at + 1..close]) {
                    match declaration(part).filter(|_| !part.contains(&"{".to_owned())) {
                        Some((names, declared)) => {
                            let types = self.code.types_in(declared, &self.function.room);
                            self.learn(names, Some(types));
                        }
                        None => self.learn(part, of.clone()),
                    }
                }
            }
            _ => {}
        }
    }

    /// Of which of our types what ends here may be: of none, where it is another's; `None` where nothing is known.
    fn types(&self, last: usize) -> Option<Types> {
        let body = &self.function.body;
        let word = |at: usize| body.get(at).map_or("", String::as_str);
        let before = |by: usize| last.checked_sub(by).map_or("", |at| word(at));
        match word(last) {
            "?" => self.types(last.checked_sub(1)?),
            "await" => self.types(last.checked_sub(2)?),
            "self" => Some(self.qualifier("Self")),
            ")" => self.called(begin(body, last), last),
            // An element of what stands before, or a list of its own.
            "]" => match begin(body, last).checked_sub(1) {
                Some(before) if is_name(word(before)) || [")", "]"].contains(&word(before)) => self.types(before),
                _ => Some(Types::new()),
            },
            name if is_name(name) && before(1) == "." => {
                let code = self.code;
                let rooms = std::iter::once(&self.function.room).chain(&code.rooms[&self.function.room]);
                let fields: Vec<&Types> =
                    rooms.filter_map(|room| code.fields.get(&(room.clone(), name.to_owned()))).collect();
                (!fields.is_empty()).then(|| fields.into_iter().flatten().cloned().collect())
            }
            name if is_name(name) => self.known.get(name).cloned(),
            literal if literal.starts_with(|first: char| first == '"' || first.is_ascii_digit()) => Some(Types::new()),
            _ => None,
        }
    }

    /// What the call gives of which the arguments begin and end here.
    fn called(&self, open: usize, close: usize) -> Option<Types> {
        let (body, code, room) = (&self.function.body, self.code, self.function.room.as_str());
        let word = |at: usize| body.get(at).map_or("", String::as_str);
        let mut name_at = open.checked_sub(1)?;
        // `f::<T>(..)`
        if word(name_at) == ">" {
            while name_at > 0 && word(name_at) != "<" {
                name_at -= 1;
            }
            name_at = name_at.checked_sub(2)?;
        }
        let name = word(name_at);
        let before = name_at.checked_sub(1).map_or("", |at| word(at));
        if is_type(name) {
            // `Some(x)` is what x is; a type of ours is itself.
            return match self.qualifier(name) {
                own if own.is_empty() => close.checked_sub(1).and_then(|last| self.types(last)),
                own => Some(own),
            };
        }
        if !is_name(name) || ["in", "if", "match", "return", "await"].contains(&name) {
            return close.checked_sub(1).and_then(|last| self.types(last));
        }
        match before {
            "::" => {
                let qualifier = word(name_at.checked_sub(2)?);
                if is_type(qualifier) {
                    let mut types = Types::new();
                    for of in self.qualifier(qualifier) {
                        match code.methods.get(&(of.clone(), name.to_owned())) {
                            Some(methods) => types.extend(code.given_by(methods)),
                            None => drop(types.insert(of)),
                        }
                    }
                    return Some(types);
                }
                let is_ours = code.is_ours(qualifier);
                Some(if is_ours {
                    code.given_by(&code.free(name, self.function, Some(qualifier)))
                } else {
                    Types::new()
                })
            }
            "." => match name_at.checked_sub(2).and_then(|last| self.types(last)) {
                Some(types) => {
                    let methods: Vec<usize> = types
                        .iter()
                        .filter_map(|of| code.methods.get(&(of.clone(), name.to_owned())))
                        .flatten()
                        .copied()
                        .collect();
                    // `clone`, `iter`, `map_err`, …: what stands there still is what it was.
                    Some(if methods.is_empty() { types } else { code.given_by(&methods) })
                }
                None => {
                    let methods = code.seen(&code.methods_by_name, name, room);
                    (!methods.is_empty()).then(|| code.given_by(&methods))
                }
            },
            _ => Some(code.given_by(&code.free(name, self.function, None))),
        }
    }
}

/// How many arguments stand here; `None` where commas may separate something else as well.
fn given_in(words: &[String]) -> Option<usize> {
    let is_clear = !words.iter().any(|word| ["|", "<", ">"].contains(&word.as_str()));
    is_clear.then(|| parts(words).into_iter().filter(|part| !part.is_empty()).count())
}

/// How many arguments a method takes beside `self`.
fn taken_by(signature: &[String]) -> usize {
    let parts = parts(parameters(signature));
    parts.into_iter().filter(|part| part.last().is_some_and(|word| word != "self")).count()
}

/// What stands between the brackets of a signature, behind its type parameters.
fn parameters(signature: &[String]) -> &[String] {
    let mut depth = 0;
    for (at, word) in signature.iter().enumerate() {
        match word.as_str() {
            "<" => depth += 1,
            ">" => depth -= 1,
            "(" if depth == 0 => return &signature[at + 1..end(signature, at)],
            _ => {}
        }
    }
    &[]
}

/// Whether an attribute leaves what follows out of what is deployed.
fn is_gate(attribute: &[String]) -> bool {
    let words: Vec<&str> = attribute.iter().map(String::as_str).collect();
    matches!(&words[..], ["[", "cfg", "(", "test", ")"] | ["[", "test"])
        || matches!(&words[..], ["[", "cfg", "(", "feature", "=", "\"embedded\"", ")"])
}

/// The paths of the modules that a file leaves out of what is deployed.
fn gated_modules(path: &str, words: &[String]) -> Vec<String> {
    let folder = match path.rsplit_once('/') {
        Some((folder, "lib.rs" | "mod.rs")) => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let mut found = Vec::new();
    for at in (0..words.len()).filter(|at| words[*at] == "#") {
        let close = end(words, at + 1);
        let mut next = close + 1;
        while words.get(next).is_some_and(|word| word == "pub" || word == "(" || word == "crate" || word == ")") {
            next += 1;
        }
        if words.get(at + 1).is_some_and(|word| word == "[")
            && is_gate(&words[at + 1..close])
            && words.get(next).is_some_and(|word| word == "mod")
        {
            let module = format!("{folder}/{}", words[next + 1]);
            found.extend([format!("{module}.rs"), format!("{module}/")]);
        }
    }
    found
}

/// The head of an `impl` without what stands between angle brackets and behind `where`.
fn head(words: &[String]) -> Vec<String> {
    let (mut depth, mut kept) = (0, Vec::new());
    for word in words {
        match word.as_str() {
            "<" => depth += 1,
            ">" => depth -= 1,
            "where" if depth == 0 => break,
            _ if depth == 0 => kept.push(word.clone()),
            _ => {}
        }
    }
    kept
}

fn last_type(words: &[String]) -> Option<String> {
    words.iter().rev().find(|word| is_type(word)).cloned()
}
