//! What a file is beside its bytes: whose it is, who may read and write it, what was attached to it.

use std::fs::{File, Metadata};
use std::io;

/// How many names the file has.
#[cfg(unix)]
pub(super) fn names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
pub(super) fn names(_: &Metadata) -> u64 {
    1
}

/// Makes a new file what the old one is.
///
/// # Errors
/// Something could not be carried over: it is another's file, or its file system has no such attributes.
pub(super) fn carry_over(old: &File, metadata: &Metadata, new: &File) -> io::Result<()> {
    owner(metadata, new)?;
    // Behind the owner, whose change takes bits away; before the lists of access, which are narrower.
    new.set_permissions(metadata.permissions())?;
    extended(old, new)
}

/// Makes a new file as much of what the old one is as whoever writes it may. A group that it cannot have gets
/// no rights, and nobody gets more than before.
pub(super) fn carry_over_most(old: &File, metadata: &Metadata, new: &File) -> io::Result<()> {
    if carry_over(old, metadata, new).is_ok() {
        return Ok(());
    }
    new.set_permissions(narrowed(metadata, new)?)?;
    let _ = extended(old, new); // lists of access come after the mode that they narrow
    Ok(())
}

#[cfg(unix)]
fn narrowed(old: &Metadata, new: &File) -> io::Result<std::fs::Permissions> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    const GROUP: u32 = 0o070;
    const RIGHTS: u32 = 0o777;
    let has_group =
        new.metadata()?.gid() == old.gid() || fchown(new, None, Some(old.gid())).is_ok();
    let rights = old.mode() & RIGHTS & if has_group { RIGHTS } else { !GROUP };
    Ok(std::fs::Permissions::from_mode(rights))
}

#[cfg(not(unix))]
fn narrowed(old: &Metadata, _: &File) -> io::Result<std::fs::Permissions> {
    Ok(old.permissions())
}

#[cfg(unix)]
fn owner(old: &Metadata, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let is = new.metadata()?;
    let changed = |old: u32, is: u32| (old != is).then_some(old);
    match (changed(old.uid(), is.uid()), changed(old.gid(), is.gid())) {
        (None, None) => Ok(()),
        (user, group) => fchown(new, user, group),
    }
}

#[cfg(not(unix))]
fn owner(_: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}

/// Extended attributes, lists of access among them.
#[cfg(target_os = "linux")]
fn extended(old: &File, new: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr};
    let wanted = attributes(old)?;
    for (name, _) in attributes(new)? {
        // What the folder gives to new files.
        if !wanted.iter().any(|(other, _)| *other == name) && !is_of_the_system(&name) {
            fremovexattr(new, &name[..])?;
        }
    }
    for (name, value) in &wanted {
        match fsetxattr(new, &name[..], value, XattrFlags::empty()) {
            // Labels of a security module are given by it, and few may give them.
            Err(_) if is_of_the_system(name) => {}
            set => set?,
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn is_of_the_system(name: &[u8]) -> bool {
    name.starts_with(b"security.") || name.starts_with(b"trusted.")
}

/// The names and values of a file's extended attributes; none where its file system has none.
#[cfg(target_os = "linux")]
fn attributes(file: &File) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    use rustix::fs::{fgetxattr, flistxattr};
    use rustix::io::Errno;
    const MOST: usize = 64 << 10; // of all names, and of a value: the kernel's own limits
    let mut buffer = vec![0; MOST];
    let length = match flistxattr(file, &mut buffer[..]) {
        Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(Vec::new()),
        length => length?,
    };
    let mut attributes = Vec::new();
    let names = buffer[..length].to_vec();
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let length = fgetxattr(file, name, &mut buffer[..])?;
        attributes.push((name.to_vec(), buffer[..length].to_vec()));
    }
    Ok(attributes)
}

#[cfg(not(target_os = "linux"))]
fn extended(_: &File, _: &File) -> io::Result<()> {
    Ok(())
}
