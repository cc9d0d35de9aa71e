/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the methods of a type return must be used. Error Prone reports it where it is not, and knows an annotation of this
 * name whatever its package.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@interface CheckReturnValue {}
