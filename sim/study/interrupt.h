/*
 * interrupt.h - a signal to stop, noticed instead of obeyed: whoever runs something long looks now
 * and then.
 */
#ifndef SIM_STUDY_INTERRUPT_H
#define SIM_STUDY_INTERRUPT_H

/* From now on SIGHUP, SIGINT and SIGTERM are only noted, unless they are ignored; a second SIGINT
 * does what it did before. */
void interrupt_catch(void);

/* The signal that has come, 0 if none has. */
int interrupt_pending(void);

#endif
