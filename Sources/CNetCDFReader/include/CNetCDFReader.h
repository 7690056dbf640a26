#ifndef CNETCDF_READER_H
#define CNETCDF_READER_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a NetCDF file holds, asked of a process of its own.
///
/// A damaged file makes HDF5 free what it never allocated, write where it must not or run without end. So the library opens it in a
/// child process, which has a limit on memory and on time, and hands copies back: whatever the file does to that process, the one that
/// asks gets an answer or the end of the connection. Names are without bytes of zero; texts end in one.

/// What is asked. Groups and variables go by the library's own numbers.
typedef enum {
  /// `number`: the child group of this name.
  netcdf_group,
  /// `number`: the length of the dimension of this name, of the group or of one around it.
  netcdf_length,
  /// The names of the group's variables, `number` texts.
  netcdf_variable_names,
  /// `number`: the variable of this name, `type`: its type. For each dim its name and its length in digits, two texts.
  netcdf_variable,
  /// The elements of the attribute of this name, of a type `type`, `number` of them: characters, texts or doubles. None where they are
  /// more than `count`.
  netcdf_attribute,
  /// The elements of a variable, `count` of them, as those of an attribute.
  netcdf_values
} netcdf_question_kind;

typedef struct {
  netcdf_question_kind kind;
  int32_t group;
  int32_t variable;
  int64_t count;
  /// In UTF-8; what is of no use to a question is not looked at.
  const char *name;
} netcdf_question;

typedef struct {
  /// The library's; with any but NC_NOERR nothing else is said.
  int32_t code;
  int32_t type;
  int64_t number;
  /// Bytes that follow, to be taken with `netcdf_reader_receive`.
  int64_t byte_count;
} netcdf_answer;

/// The most bytes of an answer: the gibibyte of numbers that is the most elsewhere too.
enum { netcdf_largest_answer = 1 << 30 };

/// Seconds of the processor that opening a file or an answer may take, and numbers that may take a second more.
enum { netcdf_reader_seconds = 5, netcdf_reader_numbers_a_second = 1 << 23 };

/// How a process that reads came to its end: by a crash, or because it took more than it may.
typedef enum { netcdf_reader_crashed, netcdf_reader_ran_out } netcdf_reader_end;

/// A process that has a file open.
typedef struct {
  int connection;
  pid_t process;
} netcdf_reader;

/// Begins a process that opens the file and says how that went: `number` of the answer is the root group. No other thread may be within
/// the library, whose state the process takes over.
///
/// Returns 0, or `errno` where there can be no such process; then nothing is to be finished. The end of the process is that of
/// `netcdf_reader_ask`.
int netcdf_reader_start(netcdf_reader *reader, const char *path);

/// Asks, and waits for the answer; without a question, for that to the opening. Every byte that an answer brings is to be received before
/// the next question. 0 where the process has ended, or says what no reader says.
int netcdf_reader_ask(const netcdf_reader *reader, const netcdf_question *question, netcdf_answer *answer);

/// The next bytes of an answer. 0 where the process has ended before.
int netcdf_reader_receive(const netcdf_reader *reader, void *bytes, size_t count);

/// Ends the process, if it has not ended, and says how it did where it ended before.
netcdf_reader_end netcdf_reader_finish(const netcdf_reader *reader);

#endif
