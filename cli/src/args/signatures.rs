//! The commands for signed artifacts: `sign`, `verify`, `keygen`.

use clap::Args;
use std::path::PathBuf;

/// Sign an artifact, so that a service takes it only from you.
///
/// Writes `FILE.whyc.minisig`, in minisign's format. What is signed is the bytes, the name that the
/// policy has in the service, and a sequence number: a service never takes a lower one than it took
/// before. If the key has a password, it is asked for, unless `--password-file` or the variable
/// `WHYFOR_KEY_PASSWORD` has it.
///
/// Example:
///   whyfor compile shop.why --output shop.whyc
///   whyfor sign shop.key shop.whyc --name shop --sequence 7
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Sign {
    /// The secret key, as `whyfor keygen` or `minisign -G` wrote it.
    pub(crate) key: PathBuf,

    /// The artifact.
    #[arg(value_name = "FILE.whyc")]
    pub(crate) file: PathBuf,

    /// The name of the policy in the service.
    #[arg(long)]
    pub(crate) name: String,

    /// A number that is higher than the number of each earlier version.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) sequence: u64,

    /// A file with the password of the key.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// Verify the signature of an artifact, as a service does before it takes it.
///
/// The signature is the file `FILE.whyc.minisig`. Exit status 1 means that it is missing, or not one
/// of these keys over these bytes, or of another name or a lower sequence.
///
/// Example:
///   whyfor verify shop.whyc --key shop.pub
///   whyfor verify shop.whyc --key old.pub --key new.pub --name shop --least-sequence 7
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Verify {
    /// The artifact.
    #[arg(value_name = "FILE.whyc")]
    pub(crate) file: PathBuf,

    /// A public key that is trusted: a file, or the key itself. One of several must have signed.
    #[arg(long = "key", required = true, value_name = "PUBLIC")]
    pub(crate) keys: Vec<PathBuf>,

    /// The name that must be signed.
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// The lowest sequence that is fine.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) least_sequence: Option<u64>,
}

/// Make a key that signs artifacts.
///
/// Writes the secret key to `KEY`, readable only by you, and the public key, which services get,
/// beside it: `KEY` with the ending `.pub`. Neither may be there already. The program minisign reads
/// both. The password of the key is asked for, unless `--password-file` or the variable
/// `WHYFOR_KEY_PASSWORD` has it.
///
/// Example:
///   whyfor keygen shop.key
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Keygen {
    /// Where to write the secret key.
    pub(crate) key: PathBuf,

    /// A file with the password of the key.
    #[arg(long, value_name = "FILE", conflicts_with = "no_password")]
    pub(crate) password_file: Option<PathBuf>,

    /// Make a key without a password. Anyone who can read the file can sign.
    #[arg(long)]
    pub(crate) no_password: bool,
}
