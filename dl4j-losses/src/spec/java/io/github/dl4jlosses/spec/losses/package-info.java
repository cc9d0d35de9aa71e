/* SPDX-License-Identifier: Apache-2.0 */
/** One description for each loss. A class here is found by its name alone: the loss's without {@code Loss}, with {@code Spec}. */
package io.github.dl4jlosses.spec.losses;
