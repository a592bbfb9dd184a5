//! The state of the server, and the dispatch of messages.

use super::analysis::Analysis;
use super::check::{CheckResult, Checked, Checker, Task};
use super::diagnostics::{self, ByFile};
use super::documents::{self, Buffers, Documents, Encoding};
use super::workspace::Workspace;
use super::{client, structure};
use crossbeam_channel::{Receiver, select};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self as notes, Notification as _};
use lsp_types::request::{self as requests, Request as _};
use lsp_types::{
    CodeActionProviderCapability, CodeLensOptions, CompletionOptions, HoverProviderCapability,
    InitializeParams, OneOf, PublishDiagnosticsParams, RenameOptions, SemanticTokensFullOptions,
    SemanticTokensOptions, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use whyfor::symbols::Index;

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
            trigger_characters: Some([".", "#", "\""].map(str::to_owned).to_vec()),
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

pub(crate) struct Server<'c> {
    connection: &'c Connection,
    pub(super) documents: Documents,
    workspace: Workspace,
    pub(super) policies: BTreeMap<PathBuf, Analysis>,
    /// The roots to read again.
    stale: BTreeSet<PathBuf>,
    /// The diagnostics last published for each file.
    published: ByFile,
    checker: Checker,
    refreshes_lenses: bool,
    /// The client shows disabled actions with their reasons.
    pub(super) shows_disabled: bool,
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
}

/// The parameters of a notification; invalid ones are ignored.
fn read<N: notes::Notification>(params: serde_json::Value) -> Option<N::Params> {
    serde_json::from_value(params).ok()
}
