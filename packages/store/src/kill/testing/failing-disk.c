/*
 * Stands between a program and the C library: writes to and flushes of the store's files fail as on a broken disk, for as long as
 * the file named by FAILING_DISK_CONTROL says `write` or `fsync`, a space, and how the file's name ends. See failing-disk.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int fails(const char *operation, int fd) {
  const char *control = getenv("FAILING_DISK_CONTROL");
  if (control == NULL) return 0;
  char wanted[64] = {0}, link[64], name[4096];
  int file = open(control, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, wanted, sizeof wanted - 1);
  close(file);
  if (length <= 0) return 0;
  char *ending = strchr(wanted, ' ');
  if (ending == NULL) return 0;
  *ending++ = 0;
  if (strcmp(wanted, operation) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, name, sizeof name - 1);
  if (length <= 0) return 0;
  name[length] = 0;
  size_t end = strlen(ending);
  return (size_t)length >= end && strcmp(name + length - end, ending) == 0;
}

#define REAL(name) (real != NULL ? real : (real = dlsym(RTLD_NEXT, name)))
#define FAIL_OR(operation, call) \
  if (fails(operation, fd)) {    \
    errno = EIO;                 \
    return -1;                   \
  }                              \
  return call;

ssize_t write(int fd, const void *data, size_t size) {
  static ssize_t (*real)(int, const void *, size_t);
  FAIL_OR("write", REAL("write")(fd, data, size))
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  FAIL_OR("write", REAL("pwrite")(fd, data, size, at))
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  FAIL_OR("write", REAL("pwrite64")(fd, data, size, at))
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  static ssize_t (*real)(int, const struct iovec *, int);
  FAIL_OR("write", REAL("writev")(fd, parts, count))
}
int fsync(int fd) {
  static int (*real)(int);
  FAIL_OR("fsync", REAL("fsync")(fd))
}
int fdatasync(int fd) {
  static int (*real)(int);
  FAIL_OR("fsync", REAL("fdatasync")(fd))
}
