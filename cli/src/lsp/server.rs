//! The state of the server, and the dispatch of messages.

use super::check::{CheckResult, Checked, Checker, Task};
use super::diagnostics::{self, ByFile};
use super::documents::{self, Buffers, Documents, Encoding, Lines, Places};
use super::workspace::Workspace;
use super::{client, completion, hover, lenses, navigation, rename, structure};
use crate::fixing;
use crate::readers::{ReaderPolicy, Readers};
use crossbeam_channel::{Receiver, select};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self as notes, Notification as _};
use lsp_types::request::{self as requests, Request as _};
use lsp_types::{
    CodeActionOrCommand, CodeActionProviderCapability, CodeLensOptions, CompletionOptions,
    CompletionResponse, DocumentSymbolResponse, GotoDefinitionResponse, HoverContents,
    HoverProviderCapability, InitializeParams, MarkupContent, MarkupKind, OneOf, Position,
    PrepareRenameResponse, PublishDiagnosticsParams, Range, RenameOptions, SemanticTokens,
    SemanticTokensFullOptions, SemanticTokensOptions, ServerCapabilities,
    TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, TextEdit, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use whyfor::symbols::{Index, Occurrence};
use whyfor::{Diagnostics, FileId, Fix};

/// The server's capabilities.
pub(crate) fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let sync = TextDocumentSyncKind::INCREMENTAL;
    let tokens = SemanticTokensOptions {
        legend: structure::legend(),
        full: Some(SemanticTokensFullOptions::Bool(true)),
        ..SemanticTokensOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(sync)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".to_owned(), "#".to_owned()]),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        document_formatting_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: Default::default(),
        })),
        semantic_tokens_provider: Some(tokens.into()),
        ..ServerCapabilities::default()
    }
}

/// The last analysis of a policy.
pub(crate) struct Analysis {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
    /// The failed expectations, once verified.
    failures: Option<Diagnostics>,
    /// The linter's findings, once linted.
    lints: Option<Diagnostics>,
}

impl Analysis {
    /// All diagnostics so far.
    fn diagnostics(&self) -> impl Iterator<Item = &Diagnostics> {
        [Some(self.index.diagnostics()), self.failures.as_ref(), self.lints.as_ref()]
            .into_iter()
            .flatten()
    }

    fn as_reader(&self) -> ReaderPolicy {
        ReaderPolicy::new(&self.root, self.index.clone(), |file| documents::place(&self.root, file))
    }

    /// The file at a path, if the policy has it.
    pub(crate) fn file(&self, path: &Path) -> Option<FileId> {
        let below = path.strip_prefix(documents::folder(&self.root)).ok()?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        self.index.file(&parts.join("/"))
    }
}

pub(crate) struct Server<'c> {
    connection: &'c Connection,
    documents: Documents,
    workspace: Workspace,
    policies: BTreeMap<PathBuf, Analysis>,
    /// The roots to read again.
    stale: BTreeSet<PathBuf>,
    /// The diagnostics last published for each file.
    published: ByFile,
    checker: Checker,
    refreshes_lenses: bool,
    /// The client shows disabled actions with their reasons.
    shows_disabled: bool,
    requests: i32,
    /// Receives when the client's process has ended.
    client_gone: Receiver<()>,
    /// The client no longer reads.
    is_disconnected: Cell<bool>,
}

impl<'c> Server<'c> {
    pub(crate) fn new(
        connection: &'c Connection,
        encoding: Encoding,
        parameters: &InitializeParams,
    ) -> std::io::Result<Self> {
        let folders = parameters.workspace_folders.iter().flatten().map(|folder| &folder.uri);
        #[expect(deprecated, reason = "sent by clients without multiple folders")]
        let root = parameters.root_uri.iter().filter(|_| parameters.workspace_folders.is_none());
        let folders = folders.chain(root).map(documents::path).collect();
        let client = parameters.capabilities.workspace.as_ref();
        let actions = parameters.capabilities.text_document.as_ref();
        let actions = actions.and_then(|document| document.code_action.as_ref());
        let lens = client.and_then(|workspace| workspace.code_lens.as_ref());
        Ok(Self {
            connection,
            documents: Documents::new(encoding),
            workspace: Workspace::new(folders),
            policies: BTreeMap::new(),
            stale: BTreeSet::new(),
            published: ByFile::new(),
            checker: Checker::start()?,
            refreshes_lenses: lens.and_then(|lens| lens.refresh_support).unwrap_or(false),
            shows_disabled: actions.and_then(|a| a.disabled_support).unwrap_or(false),
            requests: 0,
            client_gone: client::gone(parameters.process_id),
            is_disconnected: Cell::new(false),
        })
    }

    /// Answers until the client ends. Returns whether it requested a shutdown.
    pub(crate) fn run(mut self) -> bool {
        self.workspace.scan(&self.documents);
        let mut is_shut_down = false;
        let connection = self.connection;
        while !self.is_disconnected.get() {
            let message = select! {
                recv(connection.receiver) -> message => message.ok(),
                recv(self.checker.checked) -> checked => {
                    if let Ok(checked) = checked {
                        self.store(checked);
                    }
                    continue;
                }
                recv(self.client_gone) -> _ => return is_shut_down,
            };
            match message {
                None => return is_shut_down,
                Some(Message::Notification(last)) if last.method == notes::Exit::METHOD => {
                    return is_shut_down;
                }
                Some(Message::Request(request)) => {
                    let response = if is_shut_down {
                        let message = "the server was shut down".to_owned();
                        Response::new_err(request.id, ErrorCode::InvalidRequest as i32, message)
                    } else if request.method == requests::Shutdown::METHOD {
                        is_shut_down = true;
                        Response::new_ok(request.id, ())
                    } else {
                        self.refresh();
                        self.answer(request)
                    };
                    self.send(Message::Response(response));
                }
                Some(Message::Notification(notification)) => self.notice(notification),
                Some(Message::Response(_)) => {}
            }
            // Read once after a burst of messages, such as the letters of a word.
            if connection.receiver.is_empty() {
                self.refresh();
            }
        }
        is_shut_down
    }

    fn send(&self, message: Message) {
        if self.connection.sender.send(message).is_err() {
            self.is_disconnected.set(true);
        }
    }

    // ── Notifications ────────────────────────────────────────────────────────────────────────────

    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            notes::DidOpenTextDocument::METHOD => {
                let Some(params) = read::<notes::DidOpenTextDocument>(params) else { return };
                let document = params.text_document;
                let path = documents::path(&document.uri);
                self.documents.set(path.clone(), document.text, document.version);
                self.changed(&path);
            }
            notes::DidChangeTextDocument::METHOD => {
                let Some(params) = read::<notes::DidChangeTextDocument>(params) else { return };
                let path = documents::path(&params.text_document.uri);
                let version = params.text_document.version;
                self.documents.change(&path, version, params.content_changes);
                self.changed(&path);
            }
            notes::DidCloseTextDocument::METHOD => {
                let Some(params) = read::<notes::DidCloseTextDocument>(params) else { return };
                let path = documents::path(&params.text_document.uri);
                self.documents.close(&path);
                self.changed(&path);
            }
            notes::DidSaveTextDocument::METHOD | notes::DidChangeWatchedFiles::METHOD => {
                self.workspace.scan(&self.documents);
                for path in self.documents.paths().cloned().collect::<Vec<_>>() {
                    self.changed(&path);
                }
            }
            _ => {}
        }
    }

    /// Marks the policies that a file belongs to, or did, as stale.
    fn changed(&mut self, path: &Path) {
        self.stale.extend(self.workspace.roots(path));
        if self.workspace.update(path, &self.documents) {
            self.stale.extend(self.workspace.roots(path));
        }
        let containing = self.policies.values().filter(|policy| policy.file(path).is_some());
        self.stale.extend(containing.map(|policy| policy.root.clone()));
    }

    // ── Diagnostics ──────────────────────────────────────────────────────────────────────────────

    fn refresh(&mut self) {
        let mut stale = std::mem::take(&mut self.stale);
        if stale.is_empty() {
            return;
        }
        // Only policies of open files; drop the others.
        let open: Vec<&PathBuf> = self.documents.paths().collect();
        let wanted: BTreeSet<PathBuf> =
            open.iter().flat_map(|path| self.workspace.roots(path)).collect();
        let mut old: Vec<Analysis> = Vec::new();
        self.policies.retain(|root, _| wanted.contains(root));
        // A file is a new root if no other file imports it any more.
        stale.extend(wanted.iter().filter(|root| !self.policies.contains_key(*root)).cloned());
        for root in stale.into_iter().filter(|root| wanted.contains(root)) {
            let buffers = Buffers { root: &root, documents: &self.documents };
            let name = root.file_name().unwrap_or_default().to_string_lossy();
            let index = Arc::new(match self.policies.get(&root) {
                Some(before) => before.index.again(&buffers, &name),
                None => Index::load(&buffers, &name),
            });
            let checked = index.model().is_some().then(|| index.clone());
            let task = Task { root: root.clone(), index: checked };
            let _ = self.checker.tasks.send(task); // the thread lives as long as the server
            let analysis = Analysis { root: root.clone(), index, failures: None, lints: None };
            old.extend(self.policies.insert(root, analysis));
        }
        self.publish();
        // Dropping takes a while, so another thread does it; without one it is dropped here.
        let _ = std::thread::Builder::new().spawn(move || drop(old));
    }

    /// Stores results of the background thread, unless the policy has changed meanwhile.
    fn store(&mut self, checked: Checked) {
        let Some(policy) = self.policies.get_mut(&checked.root) else { return };
        if !Arc::ptr_eq(&policy.index, &checked.index) {
            return;
        }
        let mut lenses = false;
        match checked.result {
            CheckResult::Verified(failures) => {
                policy.failures = Some(failures);
                lenses = self.refreshes_lenses;
            }
            CheckResult::Linted(lints) => policy.lints = Some(lints),
        }
        self.publish();
        if lenses {
            self.requests += 1;
            let id = RequestId::from(self.requests);
            let method = requests::CodeLensRefresh::METHOD.to_owned();
            self.send(Message::Request(Request::new(id, method, ())));
        }
    }

    /// Publishes the diagnostics of every file for which they changed.
    fn publish(&mut self) {
        let mut current = ByFile::new();
        for path in self.published.keys() {
            current.insert(path.clone(), Vec::new());
        }
        for policy in self.policies.values() {
            let encoding = self.documents.encoding;
            for diagnostics in policy.diagnostics() {
                diagnostics::add(diagnostics, &policy.root, encoding, &mut current);
            }
        }
        for path in self.documents.paths() {
            current.entry(path.clone()).or_default();
        }
        for all in current.values_mut() {
            // A file may belong to several policies with the same diagnostics.
            all.sort_by(|a, b| (a.range.start, &a.message).cmp(&(b.range.start, &b.message)));
            all.dedup();
        }
        for (path, diagnostics) in &current {
            if self.published.get(path) == Some(diagnostics) {
                continue;
            }
            let Some(uri) = documents::uri(path) else { continue };
            let version = self.documents.get(path).map(|document| document.version);
            let params =
                PublishDiagnosticsParams { uri, diagnostics: diagnostics.clone(), version };
            let method = notes::PublishDiagnostics::METHOD.to_owned();
            self.send(Message::Notification(Notification::new(method, params)));
        }
        self.published = current;
    }

    // ── Requests ─────────────────────────────────────────────────────────────────────────────────

    fn answer(&self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let result = match method.as_str() {
            requests::HoverRequest::METHOD => ask::<requests::HoverRequest>(params, |params| {
                Ok(self.hover(&params.text_document_position_params))
            }),
            requests::Completion::METHOD => ask::<requests::Completion>(params, |params| {
                Ok(self.completion(&params.text_document_position))
            }),
            requests::GotoDefinition::METHOD => ask::<requests::GotoDefinition>(params, |params| {
                let place = &params.text_document_position_params;
                let declares = |o: &Occurrence| o.declares;
                Ok(Some(GotoDefinitionResponse::Array(self.places(place, declares))))
            }),
            requests::References::METHOD => ask::<requests::References>(params, |params| {
                let declarations = params.context.include_declaration;
                let wanted = |o: &Occurrence| declarations || !o.declares;
                Ok(Some(self.places(&params.text_document_position, wanted)))
            }),
            requests::PrepareRenameRequest::METHOD => {
                ask::<requests::PrepareRenameRequest>(params, |params| {
                    Ok(self.prepare_rename(&params))
                })
            }
            requests::Rename::METHOD => ask::<requests::Rename>(params, |params| {
                let place = &params.text_document_position;
                let path = documents::path(&place.text_document.uri);
                let offset = self.offset(&path, place.position);
                let encoding = self.documents.encoding;
                let load = |root: &Path| Ok(self.read(root));
                let mut readers = self.readers(&load);
                rename::edits(&mut readers, &path, offset, &params.new_name, encoding).map(Some)
            }),
            requests::DocumentSymbolRequest::METHOD => {
                ask::<requests::DocumentSymbolRequest>(params, |params| {
                    let text = self.text(&params.text_document.uri);
                    Ok(text.map(|text| {
                        let symbols = structure::symbols(text, self.documents.encoding);
                        DocumentSymbolResponse::Nested(symbols)
                    }))
                })
            }
            requests::SemanticTokensFullRequest::METHOD => {
                ask::<requests::SemanticTokensFullRequest>(params, |params| {
                    let text = self.text(&params.text_document.uri);
                    Ok(text.map(|text| {
                        let data = structure::tokens(text, self.documents.encoding);
                        SemanticTokens { result_id: None, data }.into()
                    }))
                })
            }
            requests::Formatting::METHOD => ask::<requests::Formatting>(params, |params| {
                Ok(self.text(&params.text_document.uri).and_then(|text| self.format(text)))
            }),
            requests::CodeLensRequest::METHOD => {
                ask::<requests::CodeLensRequest>(params, |params| {
                    Ok(Some(self.lenses(&params.text_document.uri)))
                })
            }
            requests::CodeActionRequest::METHOD => {
                ask::<requests::CodeActionRequest>(params, |params| {
                    let path = documents::path(&params.text_document.uri);
                    Ok(Some(self.actions(&path, params.range)))
                })
            }
            requests::Initialize::METHOD => {
                let message = "the server was initialized already".to_owned();
                return Response::new_err(id, ErrorCode::InvalidRequest as i32, message);
            }
            _ => {
                let message = format!("`{method}` is not supported");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        match result {
            Ok(result) => Response { id, response_result: Ok(result) },
            Err((code, message)) => Response::new_err(id, code as i32, message),
        }
    }

    fn text(&self, uri: &Uri) -> Option<&str> {
        self.documents.get(&documents::path(uri)).map(|document| document.text.as_str())
    }

    fn offset(&self, path: &Path, position: Position) -> usize {
        let document = self.documents.get(path);
        document.map_or(0, |d| Lines::new(&d.text, self.documents.encoding).offset(position))
    }

    /// The policies that contain a file.
    fn policies_containing(&self, path: &Path) -> impl Iterator<Item = (&Analysis, FileId)> {
        self.policies.values().filter_map(move |policy| Some((policy, policy.file(path)?)))
    }

    /// The first policy with a name at a place.
    fn name(&self, place: &TextDocumentPositionParams) -> Option<(&Analysis, Occurrence)> {
        let path = documents::path(&place.text_document.uri);
        let offset = self.offset(&path, place.position);
        self.policies_containing(&path)
            .find_map(|(policy, file)| Some((policy, policy.index.at(file, offset)?)))
    }

    fn places_in<'p>(&self, policy: &'p Analysis) -> Places<'p> {
        Places::new(policy.index.sources(), &policy.root, self.documents.encoding)
    }

    fn hover(&self, place: &TextDocumentPositionParams) -> Option<lsp_types::Hover> {
        let (value, range) = match self.name(place) {
            Some((policy, at)) => {
                (hover::name(&policy.index, at), Some(self.places_in(policy).range(at.span)))
            }
            None => {
                let path = documents::path(&place.text_document.uri);
                let offset = self.offset(&path, place.position);
                let mut all = self.policies_containing(&path);
                (all.find_map(|(p, file)| hover::statement(&p.index, file, offset))?, None)
            }
        };
        let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
        Some(lsp_types::Hover { contents, range })
    }

    fn completion(&self, place: &TextDocumentPositionParams) -> Option<CompletionResponse> {
        let path = documents::path(&place.text_document.uri);
        let text = &self.documents.get(&path)?.text;
        let lines = Lines::new(text, self.documents.encoding);
        let offset = lines.offset(place.position);
        let (policy, _) = self.policies_containing(&path).next()?;
        Some(CompletionResponse::List(completion::list(text, offset, &lines, &policy.index)))
    }

    fn places(
        &self,
        place: &TextDocumentPositionParams,
        wanted: impl Fn(&Occurrence) -> bool,
    ) -> Vec<lsp_types::Location> {
        let Some((policy, at)) = self.name(place) else { return Vec::new() };
        navigation::places(&policy.index, at.symbol, &self.places_in(policy), wanted)
    }

    fn prepare_rename(&self, place: &TextDocumentPositionParams) -> Option<PrepareRenameResponse> {
        let (policy, at) = self.name(place)?;
        let can = policy.index.can_be_renamed(at.symbol);
        can.then(|| PrepareRenameResponse::Range(self.places_in(policy).range(at.span)))
    }

    /// The code actions for a range.
    fn actions(&self, path: &Path, range: Range) -> Vec<CodeActionOrCommand> {
        let encoding = self.documents.encoding;
        let load = |root: &Path| Ok(self.read(root));
        // The policies nearby on disk are read once, and only for a fix.
        let mut readers = None;
        let mut all = Vec::new();
        for (policy, file) in self.policies_containing(path) {
            let mut refused = |fix: &Fix| {
                let own = policy.as_reader();
                let edits = fixing::edits(&own, own.model()?, fix);
                let readers = readers.get_or_insert_with(|| self.readers(&load));
                fixing::others_keep(readers, &policy.root, &edits).err()
            };
            for found in policy.diagnostics() {
                let place = (file, range);
                let root = &policy.root;
                for action in diagnostics::actions(found, root, place, encoding, &mut refused) {
                    let is_disabled = matches!(&action, CodeActionOrCommand::CodeAction(a) if a.disabled.is_some());
                    if !all.contains(&action) && (self.shows_disabled || !is_disabled) {
                        all.push(action);
                    }
                }
            }
        }
        all
    }

    /// The readers of a file, among the policies in the editor and those on disk nearby.
    fn readers<'l>(&self, load: &'l dyn Fn(&Path) -> std::io::Result<ReaderPolicy>) -> Readers<'l> {
        let mut readers = Readers::new(load);
        self.policies.values().for_each(|policy| readers.add(policy.as_reader()));
        readers
    }

    fn read(&self, root: &Path) -> ReaderPolicy {
        let buffers = Buffers { root, documents: &self.documents };
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        let index = Arc::new(Index::load(&buffers, &name));
        ReaderPolicy::new(root, index, |file| documents::place(root, file))
    }

    /// One edit of the whole text; none if it is formatted already, `None` if it has errors, which
    /// are reported already.
    fn format(&self, text: &str) -> Option<Vec<TextEdit>> {
        let laid_out = whyfor::format::format("", text).ok()?;
        if laid_out == text {
            return Some(Vec::new());
        }
        let range = Lines::new(text, self.documents.encoding).range(0..text.len());
        Some(vec![TextEdit::new(range, laid_out)])
    }

    fn lenses(&self, uri: &Uri) -> Vec<lsp_types::CodeLens> {
        let path = documents::path(uri);
        let (Some(text), Some((policy, file))) =
            (self.text(uri), self.policies_containing(&path).next())
        else {
            return Vec::new();
        };
        lenses::lenses(text, file, policy.failures.as_ref(), self.documents.encoding)
    }
}

/// The parameters of a notification; invalid ones are ignored.
fn read<N: notes::Notification>(params: serde_json::Value) -> Option<N::Params> {
    serde_json::from_value(params).ok()
}

type Answered = Result<serde_json::Value, (ErrorCode, String)>;

/// Reads the parameters of a request, answers it and writes the answer.
fn ask<R: requests::Request>(
    params: serde_json::Value,
    answer: impl FnOnce(R::Params) -> Result<R::Result, String>,
) -> Answered
where
    R::Params: DeserializeOwned,
    R::Result: Serialize,
{
    let params = serde_json::from_value(params).map_err(|_| {
        (ErrorCode::InvalidParams, format!("invalid parameters of `{}`", R::METHOD))
    })?;
    let result = answer(params).map_err(|message| (ErrorCode::RequestFailed, message))?;
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
