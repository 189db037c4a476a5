// A library that is not instrumented, as what comes from a package; border_programs.cpp uses it.
#pragma once

void border_lock();
void border_unlock();
void border_post(void* letter);
void* border_take();  ///< null: there is none
/// More arguments than registers.
double border_sum(int count, double a, double b, double c, double d, double e, double f, double g, double h, double i,
                  long last);

/// A table of functions.
struct BorderTable {
  void (*publish)();
  bool (*is_published)();
};
extern const BorderTable border_table;

/// Virtual functions of a class that has no name here.
class BorderFlag {
 public:
  virtual ~BorderFlag() = default;
  virtual void raise() = 0;
  virtual bool is_raised() = 0;
};
BorderFlag& border_flag();

/// Calls back with the lock held.
void border_with_lock(void (*body)(void*), void* context);
/// Whether the library finds in its own table what it has put there.
bool border_knows_its_functions();
