#pragma once

// What Swift's Glibc module doesn't have: newer system calls, and constants behind _GNU_SOURCE.
//
// System headers stay out of this one: a type that it were the first to show would be taken for this module's.

#include <stddef.h>
#include <stdint.h>

/// openat2(2), since Linux 5.6. `resolve` is a set of `clinux_resolve_...` flags.
int clinux_openat2(int directory, const char *path, int flags, uint64_t resolve);

/// renameat2(2), since Linux 3.15. `flags` is 0 or `clinux_rename_noreplace`.
int clinux_renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags);

/// getdents64(2): fills `buffer` with directory entries; the count of bytes, 0 at the end.
long clinux_getdents64(int directory, void *buffer, size_t size);

/// flistxattr(2), fgetxattr(2), fsetxattr(2): extended attributes of an open file.
long clinux_flistxattr(int file, char *names, size_t size);
long clinux_fgetxattr(int file, const char *name, void *value, size_t size);
int clinux_fsetxattr(int file, const char *name, const void *value, size_t size);

/// fsync(2) of several files at the same time, which the file system can make one write of its journal. `errors` gets 0
/// or the error number of each.
void clinux_fsync_all(const int *files, int *errors, size_t count);

/// The arguments of the process, also where /proc, from which Swift takes them, isn't mounted; none where the C library
/// doesn't tell.
int clinux_argument_count(void);
const char *clinux_argument(int index);

/// Has malloc(3) keep everything in one heap that grows in large steps, for a process that lives for milliseconds: each
/// thread's own heap grows page by page, by system calls. To be called before there are threads.
void clinux_use_one_heap(void);

/// When a file was made, by statx(2), in seconds and nanoseconds since 1970; -1 where the file system doesn't keep it.
int clinux_birth_time(int descriptor, int64_t *seconds, uint32_t *nanoseconds);

/// open(2) flag: a handle to walk from, which neither reads nor needs the permission to read.
extern const int clinux_o_path;
/// In utimensat(2): leave this time as it is.
extern const long clinux_utime_omit;
extern const unsigned int clinux_rename_noreplace;
extern const uint64_t clinux_resolve_no_xdev;
extern const uint64_t clinux_resolve_no_symlinks;
extern const uint64_t clinux_resolve_no_magiclinks;
extern const uint64_t clinux_resolve_in_root;
