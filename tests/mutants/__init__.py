"""Mutation testing: would the tests notice if the code said something else?

A mutant is a copy of a module with one small change (DeMillo, Lipton and Sayward 1978); the tests
kill it by failing. What survives is a test that is missing, code that is redundant, or a change
that makes no difference. The changes are Cosmic Ray's.
"""
