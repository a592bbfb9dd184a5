//! The answers to requests.

use super::analysis::Analysis;
use super::diagnostics;
use super::documents::{self, Buffers, Lines, Places};
use super::server::Server;
use super::{completion, hover, lenses, navigation, rename, structure};
use crate::fixing;
use crate::readers::{ReaderPolicy, Readers};
use lsp_server::{ErrorCode, Request, RequestId, Response};
use lsp_types::request::{self as requests, Request as _};
use lsp_types::{
    CodeActionOrCommand, CompletionResponse, DocumentSymbolResponse, GotoDefinitionResponse,
    HoverContents, MarkupContent, MarkupKind, Position, PrepareRenameResponse, Range, RenameParams,
    SemanticTokens, SemanticTokensResult, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;
use whyfor::symbols::{Index, Occurrence};
use whyfor::{FileId, Fix};

impl Server<'_> {
    pub(super) fn answer(&self, request: Request) -> Response {
        if request.method == requests::Initialize::METHOD {
            let message = "the server was initialized already".to_owned();
            return Response::new_err(request.id, ErrorCode::InvalidRequest as i32, message);
        }
        let dispatch = Dispatch::new(request);
        self.about_documents(self.about_places(dispatch)).finish()
    }

    /// Requests about a place in a document.
    fn about_places(&self, dispatch: Dispatch) -> Dispatch {
        dispatch
            .on::<requests::HoverRequest>(|params| {
                Ok(self.hover(&params.text_document_position_params))
            })
            .on::<requests::Completion>(
                |params| Ok(self.completion(&params.text_document_position)),
            )
            .on::<requests::GotoDefinition>(|params| {
                let place = &params.text_document_position_params;
                let declarations = self.places(place, |occurrence| occurrence.declares);
                Ok(Some(GotoDefinitionResponse::Array(declarations)))
            })
            .on::<requests::References>(|params| {
                let declarations = params.context.include_declaration;
                let wanted = |occurrence: &Occurrence| declarations || !occurrence.declares;
                Ok(Some(self.places(&params.text_document_position, wanted)))
            })
            .on::<requests::PrepareRenameRequest>(|params| Ok(self.prepare_rename(&params)))
            .on::<requests::Rename>(|params| {
                let edits = self.rename(&params);
                edits.map(Some).map_err(|message| (ErrorCode::RequestFailed, message))
            })
            .on::<requests::CodeActionRequest>(|params| {
                let path = documents::path(&params.text_document.uri);
                Ok(Some(self.actions(&path, params.range)))
            })
    }

    /// Requests about a whole document.
    fn about_documents(&self, dispatch: Dispatch) -> Dispatch {
        let encoding = self.documents.encoding;
        dispatch
            .on::<requests::DocumentSymbolRequest>(|params| {
                let symbols = |text| structure::symbols(text, encoding);
                let text = self.text(&params.text_document.uri);
                Ok(text.map(|text| DocumentSymbolResponse::Nested(symbols(text))))
            })
            .on::<requests::SemanticTokensFullRequest>(|params| {
                let text = self.text(&params.text_document.uri);
                Ok(text.map(|text| {
                    let data = structure::tokens(text, encoding);
                    SemanticTokensResult::from(SemanticTokens { result_id: None, data })
                }))
            })
            .on::<requests::Formatting>(|params| {
                Ok(self.text(&params.text_document.uri).and_then(|text| self.format(text)))
            })
            .on::<requests::CodeLensRequest>(|params| {
                Ok(Some(self.lenses(&params.text_document.uri)))
            })
    }

    fn rename(&self, params: &RenameParams) -> Result<WorkspaceEdit, String> {
        let place = &params.text_document_position;
        let path = documents::path(&place.text_document.uri);
        let offset = self.offset(&path, place.position);
        let load = |root: &Path| Ok(self.read(root));
        let mut readers = self.readers(&load);
        rename::edits(&mut readers, &path, offset, &params.new_name, self.documents.encoding)
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

/// A request on its way to the function that answers it.
struct Dispatch {
    id: RequestId,
    method: String,
    /// `None` once it is answered.
    params: Option<serde_json::Value>,
    answer: Result<serde_json::Value, (ErrorCode, String)>,
}

impl Dispatch {
    fn new(Request { id, method, params }: Request) -> Self {
        let message = format!("`{method}` is not supported");
        Self { id, method, params: Some(params), answer: Err((ErrorCode::MethodNotFound, message)) }
    }

    /// Answers the request if it is of this method: reads its parameters and writes the result.
    fn on<R: requests::Request>(
        mut self,
        answer: impl FnOnce(R::Params) -> Result<R::Result, (ErrorCode, String)>,
    ) -> Self
    where
        R::Params: DeserializeOwned,
        R::Result: Serialize,
    {
        if self.method == R::METHOD
            && let Some(params) = self.params.take()
        {
            let invalid =
                |_| (ErrorCode::InvalidParams, format!("invalid parameters of `{}`", R::METHOD));
            let internal = |error: serde_json::Error| (ErrorCode::InternalError, error.to_string());
            let result = serde_json::from_value(params).map_err(invalid).and_then(answer);
            self.answer = result.and_then(|result| serde_json::to_value(result).map_err(internal));
        }
        self
    }

    fn finish(self) -> Response {
        match self.answer {
            Ok(result) => Response { id: self.id, response_result: Ok(result) },
            Err((code, message)) => Response::new_err(self.id, code as i32, message),
        }
    }
}
