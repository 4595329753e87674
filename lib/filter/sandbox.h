/*
 * sandbox.h - give up what a filter does not need
 *
 * Should bytes from a stream ever run as code, that code finds a process which
 * can read only the files that its command line names, can write only in the
 * folders of those it is to write, and can start no program that gains rights
 * and no connection.  This is done by Landlock (Linux 5.13) as far as the
 * kernel has it, and silently not where it has none.  cli_files.c calls these
 * functions, so that all filters pass here.
 *
 * Building with -DREC_NO_SANDBOX leaves it out: sanitizers and profilers open
 * files of their own.
 */
#ifndef FILTER_SANDBOX_H
#define FILTER_SANDBOX_H

/* WORD, from the command line, may be the name of a file to be read; it does
 * not matter if it is none.  A folder can then be opened, so that a message can
 * say what it is, but no file in it: any word, a title say, may happen to be
 * one. */
void sandbox_read(const char *word);
/* PATH will be written, and perhaps is there already: its folder is where its
 * unfinished copy appears.  "-" is nothing. */
void sandbox_write(const char *path);
/* Files without a name will be made in FOLDER. */
void sandbox_temporary(const char *folder);

/* From now on nothing else can be opened by this thread and those that it
 * starts. */
void sandbox_enter(void);

#endif
