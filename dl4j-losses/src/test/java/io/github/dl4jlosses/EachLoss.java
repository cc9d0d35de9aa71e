/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A test of every loss, which it gets by its description. */
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("io.github.dl4jlosses.spec.LossSpecs#all")
public @interface EachLoss {}
