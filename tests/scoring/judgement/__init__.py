"""Tests of judgement: risks, actions, goals, sentences, quality."""
