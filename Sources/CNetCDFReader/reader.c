#include "CNetCDFReader.h"

#include <errno.h>
#include <fcntl.h>
#include <netcdf.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

/* Beside what the process has of its parent: the largest answer, as the file has it and as doubles, and what HDF5 takes. */
#define MEMORY ((rlim_t)3 << 30)
/* Without a byte of an answer: for a process that neither works nor ends, as one that waits for a lock of its parent's. */
#define PATIENCE_IN_SECONDS 300

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* Apple's sockets are told once. */
#endif

/* A question on its way; the name follows. */
typedef struct {
  netcdf_question question;
  int64_t name_size;
} message;

static int send_all(int connection, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    const ssize_t sent = send(connection, next, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return 0;
    next += sent;
    count -= (size_t)sent;
  }
  return 1;
}

static int receive_all(int connection, void *bytes, size_t count, int seconds) {
  char *next = bytes;
  while (count > 0) {
    struct pollfd there = {.fd = connection, .events = POLLIN};
    const int ready = poll(&there, 1, seconds < 0 ? -1 : seconds * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return 0;
    const ssize_t received = recv(connection, next, count, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return 0;
    next += received;
    count -= (size_t)received;
  }
  return 1;
}

/* MARK: In the process that reads */

/* The bytes of an answer while they are put together. */
typedef struct {
  char *bytes;
  size_t count;
  size_t capacity;
} payload;

/* Room for so many more; null where there is none. */
static char *grow(payload *payload, size_t count) {
  if (count > (size_t)netcdf_largest_answer || payload->count > (size_t)netcdf_largest_answer - count) return NULL;
  if (payload->count + count > payload->capacity) {
    const size_t capacity = 2 * payload->capacity > payload->count + count ? 2 * payload->capacity : payload->count + count;
    char *const bytes = realloc(payload->bytes, capacity);
    if (bytes == NULL) return NULL;
    payload->bytes = bytes;
    payload->capacity = capacity;
  }
  char *const room = payload->bytes + payload->count;
  payload->count += count;
  return room;
}

/* A null text is an empty one. */
static int append_text(payload *payload, const char *text) {
  const size_t count = text == NULL ? 0 : strlen(text);
  char *const room = grow(payload, count + 1);
  if (room == NULL) return NC_ENOMEM;
  if (count > 0) memcpy(room, text, count);
  room[count] = 0;
  return NC_NOERR;
}

static int variable_names(int group, netcdf_answer *answer, payload *payload) {
  int count = 0;
  int code = nc_inq_nvars(group, &count);
  answer->number = count;
  for (int variable = 0; variable < count && code == NC_NOERR; variable++) {
    char name[NC_MAX_NAME + 1] = "";
    code = nc_inq_varname(group, variable, name);
    if (code == NC_NOERR) code = append_text(payload, name);
  }
  return code;
}

static int variable(int group, const char *name, netcdf_answer *answer, payload *payload) {
  int variable = 0;
  nc_type type = 0;
  int count = 0;
  int dimensions[NC_MAX_VAR_DIMS];
  int code = nc_inq_varid(group, name, &variable);
  if (code == NC_NOERR) code = nc_inq_vartype(group, variable, &type);
  if (code == NC_NOERR) code = nc_inq_varndims(group, variable, &count);
  if (code == NC_NOERR && count > NC_MAX_VAR_DIMS) code = NC_EMAXDIMS;
  if (code == NC_NOERR) code = nc_inq_vardimid(group, variable, dimensions);
  for (int axis = 0; axis < count && code == NC_NOERR; axis++) {
    char dim[NC_MAX_NAME + 1] = "";
    size_t length = 0;
    code = nc_inq_dim(group, dimensions[axis], dim, &length);
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", length);
    if (code == NC_NOERR) code = append_text(payload, dim);
    if (code == NC_NOERR) code = append_text(payload, digits);
  }
  answer->number = variable;
  answer->type = type;
  return code;
}

/* Elements of an attribute, or with a null name of a variable. */
static int elements(int group, int variable, const char *name, nc_type type, size_t count, payload *payload) {
  if (count == 0) return NC_NOERR;
  switch (type) {
    case NC_CHAR: {
      char *const room = grow(payload, count);
      if (room == NULL) return NC_ENOMEM;
      return name ? nc_get_att_text(group, variable, name, room) : nc_get_var_text(group, variable, room);
    }
    case NC_STRING: {
      char **const texts = calloc(count, sizeof *texts);
      if (texts == NULL) return NC_ENOMEM;
      int code = name ? nc_get_att_string(group, variable, name, texts) : nc_get_var_string(group, variable, texts);
      for (size_t index = 0; index < count && code == NC_NOERR; index++) code = append_text(payload, texts[index]);
      /* What the library allocated goes with the process. */
      free(texts);
      return code;
    }
    default: {
      if (type < NC_BYTE || type > NC_UINT64) return NC_EBADTYPE;
      if (count > (size_t)netcdf_largest_answer / sizeof(double)) return NC_ENOMEM;
      double *const room = (double *)grow(payload, count * sizeof(double));
      if (room == NULL) return NC_ENOMEM;
      return name ? nc_get_att_double(group, variable, name, room) : nc_get_var_double(group, variable, room);
    }
  }
}

static int attribute(const netcdf_question *question, netcdf_answer *answer, payload *payload) {
  nc_type type = 0;
  size_t count = 0;
  const int code = nc_inq_att(question->group, question->variable, question->name, &type, &count);
  if (code != NC_NOERR) return code;
  answer->type = type;
  answer->number = (int64_t)count;
  const int is_plain = type >= NC_BYTE && type <= NC_STRING;
  if (!is_plain || question->count < 0 || count > (size_t)question->count) return NC_NOERR;
  return elements(question->group, question->variable, question->name, type, count, payload);
}

static int values(const netcdf_question *question, netcdf_answer *answer, payload *payload) {
  nc_type type = 0;
  int axes = 0;
  int dimensions[NC_MAX_VAR_DIMS];
  int code = nc_inq_vartype(question->group, question->variable, &type);
  if (code == NC_NOERR) code = nc_inq_varndims(question->group, question->variable, &axes);
  if (code == NC_NOERR && axes > NC_MAX_VAR_DIMS) code = NC_EMAXDIMS;
  if (code == NC_NOERR) code = nc_inq_vardimid(question->group, question->variable, dimensions);
  int64_t count = 1;
  for (int axis = 0; axis < axes && code == NC_NOERR; axis++) {
    size_t length = 0;
    code = nc_inq_dimlen(question->group, dimensions[axis], &length);
    if (__builtin_mul_overflow(count, (int64_t)length, &count)) return NC_EEDGE;
  }
  if (code != NC_NOERR) return code;
  if (count != question->count) return NC_EEDGE;
  answer->type = type;
  answer->number = count;
  return elements(question->group, question->variable, NULL, type, (size_t)count, payload);
}

static int answer_of(const netcdf_question *question, netcdf_answer *answer, payload *payload) {
  switch (question->kind) {
    case netcdf_group: {
      int group = 0;
      const int code = nc_inq_ncid(question->group, question->name, &group);
      answer->number = group;
      return code;
    }
    case netcdf_length: {
      int dimension = 0;
      size_t length = 0;
      int code = nc_inq_dimid(question->group, question->name, &dimension);
      if (code == NC_NOERR) code = nc_inq_dimlen(question->group, dimension, &length);
      answer->number = (int64_t)length;
      return code;
    }
    case netcdf_variable_names: return variable_names(question->group, answer, payload);
    case netcdf_variable: return variable(question->group, question->name, answer, payload);
    case netcdf_attribute: return attribute(question, answer, payload);
    case netcdf_values: return values(question, answer, payload);
  }
  return NC_EINVAL;
}

/* So many seconds of the processor from now on, beside those that have been. */
static void allow(rlim_t seconds) {
  struct rusage used;
  struct rlimit limit;
  if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0) return;
  const rlim_t most = (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec + 1 + seconds;
  limit.rlim_cur = limit.rlim_max != RLIM_INFINITY && limit.rlim_max < most ? limit.rlim_max : most;
  setrlimit(RLIMIT_CPU, &limit);
}

static int answer_next(int connection) {
  message message;
  if (!receive_all(connection, &message, sizeof message, -1)) return 0;
  char *const name = malloc((size_t)message.name_size + 1);
  if (name == NULL || !receive_all(connection, name, (size_t)message.name_size, -1)) return 0;
  name[message.name_size] = 0;
  message.question.name = name;
  netcdf_answer answer = {0};
  payload payload = {0};
  const int64_t count = message.question.kind == netcdf_values ? message.question.count : 0;
  allow(netcdf_reader_seconds + (count > 0 ? (rlim_t)count / netcdf_reader_numbers_a_second : 0));
  answer.code = answer_of(&message.question, &answer, &payload);
  if (answer.code != NC_NOERR) payload.count = 0;
  answer.byte_count = (int64_t)payload.count;
  const int sent = send_all(connection, &answer, sizeof answer) && send_all(connection, payload.bytes, payload.count);
  free(payload.bytes);
  free(name);
  return sent;
}

/* Bytes of address space that the process has of its parent; 0 where the system does not say. */
static rlim_t inherited_memory(void) {
  char text[64] = "";
  const int file = open("/proc/self/statm", O_RDONLY);
  if (file < 0) return 0;
  const ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  return count > 0 ? (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
}

static void limit(int resource, rlim_t most) {
  struct rlimit old;
  if (getrlimit(resource, &old) != 0) return;
  if (old.rlim_max != RLIM_INFINITY && old.rlim_max < most) most = old.rlim_max;
  const struct rlimit new = {.rlim_cur = most, .rlim_max = most};
  setrlimit(resource, &new);
}

/* Away from all that is the parent's: how it meets signals, its streams, into which HDF5 and malloc would write, its files, of which
   locks and the ends of pipes would be held. Returns the connection's new number. */
static int seclude(int connection) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  const int nowhere = open("/dev/null", O_RDWR);
  for (int stream = 0; stream < 3; stream++) dup2(nowhere, stream);
  const int own = connection == 3 ? 3 : dup2(connection, 3);
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 4u, ~0u, 0u) == 0) return own;
#endif
  const long most = sysconf(_SC_OPEN_MAX);
  for (int file = 4; file < (most > 0 && most < 65536 ? most : 65536); file++) close(file);
  return own;
}

static void read_file(int connection, const char *path) {
  connection = seclude(connection);
  limit(RLIMIT_CORE, 0);
  allow(netcdf_reader_seconds);
  const rlim_t inherited = inherited_memory();
  if (inherited > 0) limit(RLIMIT_AS, inherited + MEMORY);
  int root = 0;
  netcdf_answer opened = {.code = nc_open(path, NC_NOWRITE, &root)};
  opened.number = root;
  if (!send_all(connection, &opened, sizeof opened)) return;
  while (answer_next(connection)) {}
}

/* MARK: In the process that asks */

int netcdf_reader_start(netcdf_reader *reader, const char *path) {
  /* Once for all readers, and not in a child, where what it may load is not always welcome. */
  nc_initialize();
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return errno;
  for (int end = 0; end < 2; end++) {
    fcntl(ends[end], F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    const int yes = 1;
    setsockopt(ends[end], SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
  }
  const pid_t process = fork();
  if (process == 0) {
    read_file(ends[1], path);
    _exit(0);
  }
  const int code = errno;
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return code;
  }
  *reader = (netcdf_reader){.connection = ends[0], .process = process};
  return 0;
}

int netcdf_reader_ask(const netcdf_reader *reader, const netcdf_question *question, netcdf_answer *answer) {
  if (question != NULL) {
    const message message = {.question = *question, .name_size = question->name ? (int64_t)strlen(question->name) : 0};
    if (!send_all(reader->connection, &message, sizeof message)) return 0;
    if (!send_all(reader->connection, question->name, (size_t)message.name_size)) return 0;
  }
  if (!netcdf_reader_receive(reader, answer, sizeof *answer)) return 0;
  return answer->byte_count >= 0 && answer->byte_count <= netcdf_largest_answer && answer->number >= 0;
}

int netcdf_reader_receive(const netcdf_reader *reader, void *bytes, size_t count) {
  return receive_all(reader->connection, bytes, count, PATIENCE_IN_SECONDS);
}

netcdf_reader_end netcdf_reader_finish(const netcdf_reader *reader) {
  close(reader->connection);
  /* Without effect on one that has begun to end. */
  kill(reader->process, SIGKILL);
  int status = 0;
  while (waitpid(reader->process, &status, 0) < 0 && errno == EINTR) {}
  const int was_stopped = WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
  return was_stopped ? netcdf_reader_ran_out : netcdf_reader_crashed;
}
