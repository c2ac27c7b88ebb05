#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

// The number is the same on every architecture; older headers don't have it.
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

// struct open_how of linux/openat2.h, which older headers don't have.
struct clinux_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

const int clinux_o_path = O_PATH;
const long clinux_utime_omit = UTIME_OMIT;
const unsigned int clinux_rename_noreplace = 1;
const uint64_t clinux_resolve_no_xdev = 0x01;
const uint64_t clinux_resolve_no_magiclinks = 0x02;
const uint64_t clinux_resolve_no_symlinks = 0x04;
const uint64_t clinux_resolve_in_root = 0x10;

int clinux_openat2(int directory, const char *path, int flags, uint64_t resolve) {
    struct clinux_open_how how = {.flags = (uint64_t)(unsigned int)flags, .mode = 0, .resolve = resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int clinux_renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags) {
    return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
}

long clinux_getdents64(int directory, void *buffer, size_t size) {
    return syscall(SYS_getdents64, directory, buffer, size);
}

int clinux_birth_time(int descriptor, int64_t *seconds, uint32_t *nanoseconds) {
    struct statx status;
    if (statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &status) != 0) return -1;
    if (!(status.stx_mask & STATX_BTIME)) return -1;
    *seconds = status.stx_btime.tv_sec;
    *nanoseconds = status.stx_btime.tv_nsec;
    return 0;
}

struct clinux_fsync {
    int file;
    int *error;
    pthread_t thread;
    int has_thread;
};

static void *clinux_fsync_one(void *argument) {
    struct clinux_fsync *work = argument;
    int result;
    do {
        result = fsync(work->file);
    } while (result != 0 && errno == EINTR);
    *work->error = result == 0 ? 0 : errno;
    return NULL;
}

// More would not be faster, and the caller's files are few.
enum { CLINUX_FSYNC_THREADS = 16 };

void clinux_fsync_all(const int *files, int *errors, size_t count) {
    while (count > 0) {
        struct clinux_fsync work[CLINUX_FSYNC_THREADS];
        size_t batch = count < CLINUX_FSYNC_THREADS ? count : CLINUX_FSYNC_THREADS;
        for (size_t i = 0; i < batch; i++) {
            work[i] = (struct clinux_fsync){.file = files[i], .error = &errors[i]};
            // The last is done here; so is one for which there is no thread to be had.
            work[i].has_thread =
                i + 1 < batch && pthread_create(&work[i].thread, NULL, clinux_fsync_one, &work[i]) == 0;
            if (!work[i].has_thread) clinux_fsync_one(&work[i]);
        }
        for (size_t i = 0; i < batch; i++)
            if (work[i].has_thread) pthread_join(work[i].thread, NULL);
        files += batch;
        errors += batch;
        count -= batch;
    }
}

static int argument_count;
static char **arguments;

// The GNU C library calls constructors with the arguments of main.
#ifdef __GLIBC__
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    argument_count = count;
    arguments = values;
}
#endif

int clinux_argument_count(void) { return argument_count; }

const char *clinux_argument(int index) { return index >= 0 && index < argument_count ? arguments[index] : ""; }
long clinux_flistxattr(int file, char *names, size_t size) {
    return flistxattr(file, names, size);
}

long clinux_fgetxattr(int file, const char *name, void *value, size_t size) {
    return fgetxattr(file, name, value, size);
}

int clinux_fsetxattr(int file, const char *name, const void *value, size_t size) {
    return fsetxattr(file, name, value, size, 0);
}

void clinux_use_one_heap(void) {
// Other C libraries have no such settings.
#ifdef __GLIBC__
    const int step = 4 << 20;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, step);
    mallopt(M_TRIM_THRESHOLD, 16 * step);
    mallopt(M_MMAP_THRESHOLD, step);
#endif
}
